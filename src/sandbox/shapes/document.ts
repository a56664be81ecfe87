/**
 * The OpenAPI document as a list of operations, each with what the sandbox needs to serve it.
 */
import { isObject, setMember } from "../../catalog/json.ts";
import { listOf, objectOf, type Json } from "../json.ts";
import { SchemaReader, type Schema } from "./schema.ts";

/** The corrected OpenAPI 3.0 document of the admin operations. */
export type Facts = Json;

export interface Operation {
  readonly method: string;
  /** The path as the document has it: `/prompts/{promptId}`. */
  readonly path: string;
  /** Method and path with nameless parameters, `GET /prompts/{}`: the key of the handler tables. */
  readonly key: string;
  /** Where it is served: the path below the path of its server's address (`/v1/prompts/{promptId}`). */
  readonly url: string;
  readonly parameters: readonly string[];
  readonly query: Readonly<Record<string, Schema>>;
  readonly requiredQuery: readonly string[];
  readonly body?: Schema;
  readonly bodyRequired: boolean;
  /** The status of a success, and its JSON schema; without a schema the answer is empty. */
  readonly status: number;
  readonly answer?: Schema;
  /** Needs no key at all. */
  readonly open: boolean;
}

const methods = ["get", "post", "put", "patch", "delete"] as const;

/** The path every operation without a server of its own is served below. */
const defaultPrefix = "/v1";

export class ApiDocument {
  readonly schemas: SchemaReader;
  readonly operations: readonly Operation[];
  /** Its operations take tokens as bearers, so that there is a token service. */
  readonly takesTokens: boolean;
  /** The address of each base, as the document's servers name it. */
  readonly bases: Readonly<Record<string, URL>>;
  readonly #byKey: ReadonlyMap<string, Operation>;

  constructor(facts: Facts) {
    this.schemas = new SchemaReader(facts);
    this.operations = Object.entries(objectOf(facts["paths"])).flatMap(([path, item]) =>
      this.#ofPath(path, objectOf(item)),
    );
    const schemes = objectOf(objectOf(facts["components"])["securitySchemes"]);
    const needed = listOf(facts["security"]).flatMap((needs) => Object.keys(objectOf(needs)));
    this.takesTokens = needed.some((name) => objectOf(schemes[name])["scheme"] === "bearer");
    this.bases = basesOf(facts);
    this.#byKey = new Map(this.operations.map((operation) => [operation.key, operation]));
  }

  /** The operation of a key such as `GET /prompts/{}`. */
  find(key: string): Operation | undefined {
    return this.#byKey.get(key);
  }

  #ofPath(path: string, item: Json): Operation[] {
    return methods.flatMap((method) => {
      const node = item[method];
      return isObject(node) ? [this.#operation(method.toUpperCase(), path, item, node)] : [];
    });
  }

  #operation(method: string, path: string, item: Json, node: Json): Operation {
    const parameters = [...listOf(item["parameters"]), ...listOf(node["parameters"])].map((each) =>
      objectOf(this.schemas.dereference(each)),
    );
    const query = parameters.filter((each) => each["in"] === "query");
    const requestBody = objectOf(this.schemas.dereference(node["requestBody"]));
    const body = jsonSchema(requestBody);
    const [status, response] = this.#success(objectOf(node["responses"]));
    const answer = jsonSchema(response);
    return {
      method,
      path,
      key: `${method} ${nameless(path)}`,
      url: prefixOf(node["servers"] ?? item["servers"]) + path,
      parameters: [...path.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] ?? ""),
      query: Object.fromEntries(query.map((each) => [String(each["name"]), objectOf(each["schema"]) as Schema])),
      requiredQuery: query.filter((each) => each["required"] === true).map((each) => String(each["name"])),
      ...(body && { body }),
      bodyRequired: requestBody["required"] === true,
      status,
      ...(answer && { answer }),
      open: Array.isArray(node["security"]) && node["security"].length === 0,
    };
  }

  #success(responses: Json): [number, Json] {
    const status = Object.keys(responses)
      .filter((each) => each.startsWith("2"))
      .sort()[0];
    return status === undefined
      ? [200, {}]
      : [Number(status) || 200, objectOf(this.schemas.dereference(responses[status]))];
  }
}

/** A path with its parameters' names taken out, since documents rename them and routes do not care. */
export function nameless(path: string): string {
  return path.replace(/\{[^{}]*\}/g, "{}");
}

function jsonSchema(carrier: Json): Schema | undefined {
  const media = objectOf(objectOf(carrier["content"])["application/json"]);
  return isObject(media["schema"]) ? (media["schema"] as Schema) : undefined;
}

/** The path of the first real address among `servers`: `/v1` for the API's own, nothing for the two public hosts. */
function prefixOf(servers: unknown): string {
  for (const server of listOf(servers).map(objectOf)) {
    const variables = objectOf(server["variables"]);
    const url = String(server["url"]).replace(/\{([^{}]+)\}/g, (_, name: string) =>
      String(objectOf(variables[name])["default"]),
    );
    if (URL.canParse(url)) return new URL(url).pathname.replace(/\/$/, "");
  }
  return defaultPrefix;
}

/** `{control}` names a base, whose default is its address. */
function basesOf(facts: Facts): Record<string, URL> {
  const servers = Object.values(objectOf(facts["paths"])).flatMap((item) => listOf(objectOf(item)["servers"]));
  const bases: Record<string, URL> = {};
  for (const server of servers.map(objectOf)) {
    for (const [name, variable] of Object.entries(objectOf(server["variables"]))) {
      const address = String(objectOf(variable)["default"]);
      if (URL.canParse(address)) setMember(bases, name, new URL(address));
    }
  }
  return bases;
}
