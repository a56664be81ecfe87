/**
 * Reads the OpenAPI document as a list of operations, with the data that the sandbox needs to serve them.
 */
import { isObject, setMember } from "../../catalog/json.ts";
import { asList, asObject, type Json } from "../json.ts";
import { SchemaReader, type Schema } from "./schema.ts";

/** The corrected OpenAPI 3.0 document of the admin operations. */
export type Facts = Json;

export interface Operation {
  readonly method: string;
  /** The path as the document has it: `/prompts/{promptId}`. */
  readonly path: string;
  /** Method and path with nameless parameters, `GET /prompts/{}`: the key of the handler tables. */
  readonly key: string;
  /** The path with that of its server's address in front: `/v1/prompts/{promptId}`. */
  readonly url: string;
  readonly parameters: readonly string[];
  readonly query: Readonly<Record<string, Schema>>;
  readonly requiredQuery: readonly string[];
  readonly body?: Schema;
  readonly bodyRequired: boolean;
  /** The status of a success. */
  readonly status: number;
  /** The JSON schema of a success; absent: the answer is empty. */
  readonly answer?: Schema;
  /** Whether it needs no key. */
  readonly open: boolean;
}

const methods = ["get", "post", "put", "patch", "delete"] as const;

/** The path prefix of operations without a server of their own. */
const defaultPrefix = "/v1";

export class ApiDocument {
  readonly schemas: SchemaReader;
  readonly operations: readonly Operation[];
  /** Whether its operations take bearer tokens, so that there is a token endpoint. */
  readonly takesTokens: boolean;
  /** The address of each base, as the document's servers name it. */
  readonly bases: Readonly<Record<string, URL>>;
  readonly #byKey: ReadonlyMap<string, Operation>;

  constructor(facts: Facts) {
    this.schemas = new SchemaReader(facts);
    this.operations = Object.entries(asObject(facts["paths"])).flatMap(([path, item]) =>
      this.#ofPath(path, asObject(item)),
    );
    const schemes = asObject(asObject(facts["components"])["securitySchemes"]);
    const needed = asList(facts["security"]).flatMap((needs) => Object.keys(asObject(needs)));
    this.takesTokens = needed.some((name) => asObject(schemes[name])["scheme"] === "bearer");
    this.bases = readBases(facts);
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
    const parameters = [...asList(item["parameters"]), ...asList(node["parameters"])].map((entry) =>
      asObject(this.schemas.dereference(entry)),
    );
    const query = parameters.filter((entry) => entry["in"] === "query");
    const requestBody = asObject(this.schemas.dereference(node["requestBody"]));
    const body = jsonSchema(requestBody);
    const [status, response] = this.#success(asObject(node["responses"]));
    const answer = jsonSchema(response);
    return {
      method,
      path,
      key: `${method} ${withoutNames(path)}`,
      url: pathPrefix(node["servers"] ?? item["servers"]) + path,
      parameters: [...path.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] ?? ""),
      query: Object.fromEntries(query.map((entry) => [String(entry["name"]), asObject(entry["schema"]) as Schema])),
      requiredQuery: query.filter((entry) => entry["required"] === true).map((entry) => String(entry["name"])),
      ...(body && { body }),
      bodyRequired: requestBody["required"] === true,
      status,
      ...(answer && { answer }),
      open: Array.isArray(node["security"]) && node["security"].length === 0,
    };
  }

  #success(responses: Json): [number, Json] {
    const status = Object.keys(responses)
      .filter((entry) => entry.startsWith("2"))
      .sort()[0];
    return status === undefined
      ? [200, {}]
      : [Number(status) || 200, asObject(this.schemas.dereference(responses[status]))];
  }
}

/** A path without the names of its parameters, which may change in the document. */
export function withoutNames(path: string): string {
  return path.replace(/\{[^{}]*\}/g, "{}");
}

function jsonSchema(carrier: Json): Schema | undefined {
  const media = asObject(asObject(carrier["content"])["application/json"]);
  return isObject(media["schema"]) ? (media["schema"] as Schema) : undefined;
}

/** The path of the first valid address among `servers`: `/v1` for the API's own, empty for the two public hosts. */
function pathPrefix(servers: unknown): string {
  for (const server of asList(servers).map(asObject)) {
    const variables = asObject(server["variables"]);
    const url = String(server["url"]).replace(/\{([^{}]+)\}/g, (_, name: string) =>
      String(asObject(variables[name])["default"]),
    );
    if (URL.canParse(url)) return new URL(url).pathname.replace(/\/$/, "");
  }
  return defaultPrefix;
}

/** The bases: each variable of a server, such as `{control}`, with its default as the address. */
function readBases(facts: Facts): Record<string, URL> {
  const servers = Object.values(asObject(facts["paths"])).flatMap((item) => asList(asObject(item)["servers"]));
  const bases: Record<string, URL> = {};
  for (const server of servers.map(asObject)) {
    for (const [name, variable] of Object.entries(asObject(server["variables"]))) {
      const address = String(asObject(variable)["default"]);
      if (URL.canParse(address)) setMember(bases, name, new URL(address));
    }
  }
  return bases;
}
