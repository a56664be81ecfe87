/** Builds a tool from its texts, its operation and its composite: the record, the listed schema and the full schema. */
import {
  toolAnnotations,
  type Argument,
  type BaseName,
  type JsonSchema,
  type Paging,
  type Risk,
  type Source,
  type ToolRecord,
} from "../../src/catalog/record.ts";
import { hasKeyChoice, keyArgumentName } from "../../src/catalog/key-argument.ts";
import { takesNames } from "../../src/catalog/takes-names.ts";
import { fieldText, type Curated, type CuratedComposite, type Glossary } from "../read/curation.ts";
import type { Method, PathItem, Schema } from "../read/document.ts";
import { fullSchema } from "./full-schema.ts";
import type { OperationInput } from "./input.ts";
import { listedSchema } from "./listed-schema.ts";
import { pagingOf } from "./paging.ts";
import { reachOf, withFilter, withSubject } from "./reach.ts";
import { unlistedArguments } from "./unlisted.ts";

export interface Tool {
  readonly record: ToolRecord;
  readonly listed: JsonSchema;
  readonly full: JsonSchema;
  /** The operation that the tool calls; absent for a composite that is a tool of its own. */
  readonly at?: { readonly method: Method; readonly path: string };
  /** The composite's own arguments, without the common ones. They are checked like the API's. */
  readonly ownArguments?: Schema;
  /** By the API's name: arguments that the composite accepts in more forms than the API. Checked by these schemas. */
  readonly widened?: Readonly<Record<string, Schema>>;
}

export interface ToolParts {
  readonly words: Curated & {
    readonly domain: string;
    readonly risk: Risk;
    readonly idempotent: boolean;
    readonly source: Source;
  };
  readonly operation?: {
    readonly method: Method;
    readonly path: string;
    readonly item: PathItem;
    readonly input: OperationInput;
  };
  readonly composite?: CuratedComposite | undefined;
  readonly glossary: Glossary;
}

/** A tool's arguments, first the API's and then the composite's own, with their schemas and texts. */
interface Taken {
  readonly list: readonly Argument[];
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly paging: Paging | undefined;
  readonly text: (trail: readonly string[]) => string;
}

export function toolOf(parts: ToolParts): Tool {
  const { words, operation, composite, glossary } = parts;
  const apiArguments = operation?.input.arguments ?? [];
  const own = argumentsOfComposite(composite, apiArguments);
  const list = [...apiArguments, ...own.arguments];
  const given = { ...operation?.input.schemas, ...own.schemas, ...own.widened };
  const schemas = unlistedArguments(given, words.name, glossary.unlisted ?? {});
  const text = textsOf(words.name, schemas, glossary);
  const paging = pagingIn(parts, schemas);
  const common = glossary.common ?? {};
  const { schema: listed, folded } = listedSchema({
    arguments: list,
    schemas,
    risk: words.risk,
    paging,
    text: (name) => text([name]),
    common,
    opened: glossary.opened ?? [],
  });
  const taken: Taken = { list, schemas, paging, text };
  const record = recordOf(parts, taken, folded);
  return {
    record,
    listed,
    full: fullSchemaOf(record, taken, commonArguments(record, common)),
    ...(operation && { at: { method: operation.method, path: operation.path } }),
    ...(own.schema && { ownArguments: own.schema }),
    ...(own.widened && { widened: own.widened }),
  };
}

function pagingIn({ words, operation }: ToolParts, schemas: Taken["schemas"]): Paging | undefined {
  if (!operation) return undefined;
  const names = operation.input.arguments.filter(({ place }) => place === "query").map(({ name }) => name);
  const query = Object.fromEntries(names.map((name) => [name, schemas[name] as Schema]));
  return pagingOf(operation.method, query, words.first_page);
}

/** `folded`: names of the arguments that are listed in `more`. */
function recordOf({ words, operation, composite }: ToolParts, taken: Taken, folded: ReadonlySet<string>): ToolRecord {
  const key = words.key ?? "any";
  const argumentOf = (argument: Argument) => {
    const schema = taken.schemas[argument.name] as Schema;
    const told = withSubject(folded.has(argument.name) ? { ...argument, folded: true } : argument, schema);
    return taken.paging ? withFilter(told, schema) : told;
  };
  return {
    name: words.name,
    title: words.title,
    description: words.description,
    domain: words.domain,
    risk: words.risk,
    idempotent: words.idempotent,
    source: words.source,
    aliases: words.aliases ?? [],
    keywords: words.keywords ?? [],
    scopes: words.scopes ?? "",
    key,
    reach: words.reach ?? reachOf(key, operation?.path),
    ...(words.tells_workspace && { tellsWorkspace: words.tells_workspace }),
    ...(operation && { method: upperCase(operation.method), path: operation.path }),
    base: operation ? baseOf(operation.item) : "control",
    arguments: taken.list.map(argumentOf),
    body: operation?.input.body ?? "none",
    ...(operation?.input.bodyRequired && { bodyRequired: true }),
    ...(operation?.input.mediaType !== undefined && { mediaType: operation.input.mediaType }),
    ...(taken.paging && { paging: taken.paging }),
    ...(composite && { composite: words.name.replaceAll("_", "-") }),
    ...(words.rules !== undefined && { rules: words.rules }),
    ...(words.on_error && { onError: words.on_error }),
    ...(words.example && { example: words.example }),
    ...(composite?.calls && { calls: composite.calls }),
    ...(composite?.output && { output: composite.output }),
  };
}

const upperCase = (method: Method) => method.toUpperCase() as NonNullable<ToolRecord["method"]>;

interface OwnArguments {
  readonly arguments: readonly Argument[];
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly schema?: Schema;
  readonly widened?: Readonly<Record<string, Schema>>;
}

/** The arguments that a composite declares. One with the API's name stays the API's, with the schema declared here. */
function argumentsOfComposite(row: CuratedComposite | undefined, api: readonly Argument[]): OwnArguments {
  const { properties = {}, required = [], ...rest } = (row?.arguments ?? {}) as Schema;
  const apiNames = new Set(api.map(({ name }) => name));
  const widened: Record<string, Schema> = {};
  const ownSchemas: Record<string, Schema> = {};
  for (const [name, schema] of Object.entries(properties)) {
    if (apiNames.has(name)) widened[name] = schema;
    else ownSchemas[name] = schema;
  }
  const ownNames = Object.keys(ownSchemas);
  const requiredNames = required.filter((name) => ownSchemas[name]);
  const ownArgument = (name: string): Argument => ({
    name,
    api: name,
    place: "own",
    required: requiredNames.includes(name),
  });
  const schema: Schema = {
    type: "object",
    ...rest,
    properties: ownSchemas,
    ...(requiredNames.length > 0 && { required: requiredNames }),
  };
  return {
    arguments: ownNames.map(ownArgument),
    schemas: ownSchemas,
    ...(ownNames.length > 0 && { schema }),
    ...(Object.keys(widened).length > 0 && { widened }),
  };
}

/** Looks up a field's text: in its schema, where composites have theirs, else in the glossary. */
function textsOf(tool: string, schemas: Readonly<Record<string, Schema>>, glossary: Glossary) {
  return (trail: readonly string[]): string => {
    const description = trail.length === 1 ? schemas[trail[0] as string]?.["description"] : undefined;
    if (typeof description === "string" && description !== "") return description;
    return fieldText(glossary, tool, trail);
  };
}

/** The common arguments of every tool of this kind. This server handles them and does not send them. */
function commonArguments(record: ToolRecord, common: Readonly<Record<string, string>>): Record<string, JsonSchema> {
  const argument = (type: string, name: string) => ({ [name]: { type, description: common[name] ?? "" } });
  const key = { type: "string", enum: ["workspace", "admin"], description: common["portkey_key"] ?? "" };
  return {
    ...(record.paging && argument("boolean", "all_pages")),
    ...(record.risk !== "read" && argument("boolean", "dry_run")),
    ...argument("string", "fields"),
    ...(takesNames(record) && argument("boolean", "names")),
    ...(hasKeyChoice(record) && { [keyArgumentName(record)]: key }),
  };
}

function fullSchemaOf(
  { name: tool, method }: ToolRecord,
  { list, schemas, text }: Taken,
  common: Readonly<Record<string, JsonSchema>>,
): JsonSchema {
  const updates = method === "PUT" || method === "PATCH" || tool.startsWith("update_");
  const properties = Object.fromEntries(
    list.map(({ name, place }) => [
      name,
      fullSchema(schemas[name] as Schema, text, [name], { updates, sent: place === "body", inList: false }),
    ]),
  );
  const required = list.filter((argument) => argument.required).map(({ name }) => name);
  return {
    type: "object",
    properties: { ...properties, ...common },
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

/** The base of a path: the importer writes one server per path, such as `{gateway}`. */
function baseOf(item: PathItem): BaseName {
  return (item.servers?.[0]?.url.match(/^\{(\w+)\}$/)?.[1] ?? "control") as BaseName;
}

/** The entry of tools/list. */
export function listingOf({ record, listed }: Tool) {
  return {
    name: record.name,
    title: record.title,
    description: record.description,
    inputSchema: listed,
    annotations: toolAnnotations(record),
    ...(record.output && { outputSchema: record.output }),
  };
}
