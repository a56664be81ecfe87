/** The pipeline's second half: facts and curation in, one record, listing and full schema per tool out. */
import { annotationsOf, type Argument, type BaseName, type JsonSchema, type Risk, type ToolRecord } from "../src/catalog/record.ts";
import { fieldText, type Curated, type CuratedComposite, type Curation, type Glossary } from "./curation.ts";
import { derivedDescription, derivedName, operationKey } from "./derive.ts";
import { operationsOf, type Document, type Method, type PathItem, type Schema } from "./document.ts";
import { fullSchema } from "./full-schema.ts";
import { inputOf, type OperationInput } from "./input.ts";
import { listedSchema } from "./listed-schema.ts";
import { pagingOf } from "./paging.ts";
import { sentenceCase, snakeCase } from "./words.ts";

/** One tool as generated: what runs it, what a model sees, what it is checked against. */
export interface Tool {
  readonly record: ToolRecord;
  readonly listed: JsonSchema;
  readonly full: JsonSchema;
  /** The operation it stands for; absent for a composite of its own. */
  readonly at?: { readonly method: Method; readonly path: string };
  /** Arguments of our own beyond the common ones, to be checked like the API's. */
  readonly ownArguments?: Schema;
}

export interface Generated {
  readonly tools: readonly Tool[];
  /** Operations without a row in the curation tables. */
  readonly toCurate: readonly string[];
  /** Rows whose operation the document does not have. */
  readonly gone: readonly string[];
  /** Composites left out because the document lacks an operation they call. */
  readonly unserved: readonly string[];
}

const riskOfMethod: Readonly<Record<Method, Risk>> = { get: "read", post: "create", put: "update", patch: "update", delete: "destroy" };

/** Every tool, ordered by domain and name: the same facts give the same list. */
export function generateTools(facts: Document, curation: Curation): Generated {
  const toCurate: string[] = [];
  const seen = new Set<string>();
  const tools = operationsOf(facts).map(({ method, path, item, operation }) => {
    const key = operationKey(method, path);
    seen.add(key);
    const curated = curation.operations.get(key);
    if (!curated) toCurate.push(`${method.toUpperCase()} ${path}`);
    const words = curated ?? derivedWords(method, path, curation);
    const override = curation.composites.get(words.name);
    return operationTool(method, path, item, inputOf(facts, item, operation), { ...words, ...(override && overrideOf(override)) }, curation.glossary, override);
  });

  const names = new Set(tools.map(({ record }) => record.name));
  if (names.size !== tools.length) throw new Error(`two operations share a name: ${duplicateOf(tools.map(({ record }) => record.name))}`);
  const unserved: string[] = [];
  for (const [name, composite] of curation.composites) {
    const missing = (composite.calls ?? []).filter((call) => !names.has(call));
    if (missing.length > 0 || (composite.override && !names.has(name))) unserved.push(`${name} (needs ${missing.join(", ") || name})`);
    else if (!composite.override) tools.push(compositeTool(name, composite, curation.glossary));
  }
  return {
    tools: tools.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)),
    toCurate,
    gone: [...curation.operations].filter(([key]) => !seen.has(key)).map(([, row]) => `${row.name} (${row.at})`),
    unserved,
  };
}

const sortKey = ({ record }: Tool) => `${record.domain} ${record.name}`;

function duplicateOf(names: readonly string[]): string {
  return names.find((name, index) => names.indexOf(name) !== index) ?? "";
}

/** An uncurated operation takes the domain of its nearest curated neighbour, else its first path segment. */
function derivedWords(method: Method, path: string, curation: Curation): Curated & { domain: string } {
  const name = derivedName(method, path);
  const prefixes = path.split("/").map((_, index, all) => all.slice(0, all.length - index).join("/")).filter((prefix) => prefix.length > 1);
  const rows = [...curation.operations.values()];
  const neighbour = prefixes.flatMap((prefix) => rows.filter(({ at }) => at.split(" ")[1]?.startsWith(prefix)))[0];
  const domain = neighbour?.domain ?? snakeCase(path.split("/")[1] ?? "other").replaceAll("_", "-");
  return { name, title: sentenceCase(name), description: derivedDescription(method, path), domain };
}

function overrideOf({ override: _, domain: __, calls: ___, arguments: ____, output: _____, ...words }: CuratedComposite & { override: boolean }): Partial<Curated> {
  return words;
}

function operationTool(
  method: Method,
  path: string,
  item: PathItem,
  input: OperationInput,
  words: Curated & { domain: string },
  glossary: Glossary,
  override: CuratedComposite | undefined,
): Tool {
  const own = ownOf(override);
  const argumentsOf = [...input.arguments, ...own.arguments];
  const schemas = { ...input.schemas, ...own.schemas };
  const queries = new Set(input.arguments.filter(({ place }) => place === "query").map(({ name }) => name));
  const paging = pagingOf(method, queries);
  const risk = words.risk ?? riskOfMethod[method];
  const text = textsOf(words.name, schemas, glossary);
  const { schema: listed, folded } = listedSchema({ arguments: argumentsOf, schemas, risk, paging, text: (name) => text([name]), common: glossary.common ?? {} });
  const record: ToolRecord = {
    ...wordsOf(words),
    domain: words.domain,
    risk,
    idempotent: words.idempotent ?? method !== "post",
    source: words.source ?? "spec",
    scopes: words.scopes ?? "",
    key: words.key ?? "any",
    method: method.toUpperCase() as NonNullable<ToolRecord["method"]>,
    path,
    base: baseOf(item),
    arguments: argumentsOf.map((argument) => (folded.has(argument.name) ? { ...argument, folded: true } : argument)),
    body: input.body,
    ...(input.bodyRequired && { bodyRequired: true }),
    ...(paging && { paging }),
    ...(override && { composite: snakeCase(words.name).replaceAll("_", "-") }),
    ...(override?.calls && { calls: override.calls }),
    ...(override?.output && { output: override.output }),
  };
  return { record, listed, full: fullOf(argumentsOf, schemas, text), at: { method, path }, ...(own.schema && { ownArguments: own.schema }) };
}

function compositeTool(name: string, row: CuratedComposite, glossary: Glossary): Tool {
  if (!row.title || !row.description || !row.domain) throw new Error(`composites.yaml: ${name} needs title, description and domain`);
  const own = ownOf(row);
  const risk = row.risk ?? "read";
  const text = textsOf(name, own.schemas, glossary);
  const { schema: listed } = listedSchema({ arguments: own.arguments, schemas: own.schemas, risk, paging: undefined, text: (argument) => text([argument]), common: glossary.common ?? {} });
  const record: ToolRecord = {
    ...wordsOf({ name, title: row.title, description: row.description, ...row }),
    domain: row.domain,
    risk,
    idempotent: row.idempotent ?? false,
    source: "composite",
    scopes: row.scopes ?? "",
    key: row.key ?? "any",
    base: "control",
    arguments: own.arguments,
    body: "none",
    composite: name.replaceAll("_", "-"),
    ...(row.calls && { calls: row.calls }),
    ...(row.output && { output: row.output }),
  };
  return { record, listed, full: fullOf(own.arguments, own.schemas, text), ...(own.schema && { ownArguments: own.schema }) };
}

/** The arguments a composite declares for itself. */
function ownOf(row: CuratedComposite | undefined): { arguments: Argument[]; schemas: Record<string, Schema>; schema?: Schema } {
  const schema = row?.arguments as Schema | undefined;
  const properties = schema?.properties ?? {};
  return {
    arguments: Object.keys(properties).map((name) => ({ name, api: name, place: "own" as const, required: schema?.required?.includes(name) ?? false })),
    schemas: properties,
    ...(schema && { schema: { type: "object", ...schema } }),
  };
}

/** A field's text: the schema's own (composites write theirs beside the type), else the glossary's. */
function textsOf(tool: string, schemas: Readonly<Record<string, Schema>>, glossary: Glossary) {
  return (trail: readonly string[]): string => {
    const own = trail.length === 1 ? schemas[trail[0] as string]?.["description"] : undefined;
    return typeof own === "string" && own ? own : fieldText(glossary, tool, trail);
  };
}

function wordsOf(words: Curated): Pick<ToolRecord, "name" | "title" | "description" | "aliases" | "keywords"> {
  return { name: words.name, title: words.title, description: words.description, aliases: words.aliases ?? [], keywords: words.keywords ?? [] };
}

function fullOf(list: readonly Argument[], schemas: Readonly<Record<string, Schema>>, text: (trail: readonly string[]) => string): JsonSchema {
  const properties = Object.fromEntries(list.map(({ name }) => [name, fullSchema(schemas[name] as Schema, text, [name])]));
  const required = list.filter((argument) => argument.required).map(({ name }) => name);
  return { type: "object", properties, ...(required.length > 0 && { required }), additionalProperties: false };
}

/** `{gateway}` names the base; the importer wrote one server per path. */
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
    annotations: annotationsOf(record),
    ...(record.output && { outputSchema: record.output }),
  };
}
