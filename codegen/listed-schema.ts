/**
 * The schema a model sees in tools/list. It is paid for on every turn, so it is compacted, by these rules:
 *  1. Every argument is a property of a plain object: one JSON type and a text. No unions, references, formats or ranges.
 *  2. Enum values stand in the text as `a|b`; they are hints, since the API accepts newer ones.
 *  3. An object or a list of objects is listed as such; its text ends with an outline of what it holds (outline.ts).
 *  4. Beyond `mostArguments`, optional scalars of a read, paging excepted, are folded into one object `more`, which names them.
 *  5. Arguments of our own come last: all_pages on paged lists, dry_run on tools that write.
 * The request is checked against the full schema (full-schema.ts), never against this one.
 */
import type { Argument, JsonSchema, Paging, Risk } from "../src/catalog/record.ts";
import type { Schema } from "./document.ts";
import { enumText, outlineOf } from "./outline.ts";
import { typeOf } from "./schema.ts";

const mostArguments = 16;
const outlineLimit = 430;
const enumLimit = 8;

export interface ListedInput {
  readonly arguments: readonly Argument[];
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly risk: Risk;
  readonly paging: Paging | undefined;
  /** The text of a top-level argument. */
  readonly text: (name: string) => string;
  /** Texts of our own arguments. */
  readonly common: Readonly<Record<string, string>>;
}

export interface Listed {
  readonly schema: JsonSchema;
  /** Names of the arguments folded into `more`. */
  readonly folded: ReadonlySet<string>;
}

export function listedSchema(input: ListedInput): Listed {
  const folded = foldedOf(input);
  const shown = input.arguments.filter(({ name }) => !folded.has(name));
  const ordered = [...shown.filter(({ required }) => required), ...shown.filter(({ required }) => !required)];
  const properties = Object.fromEntries(ordered.map(({ name }) => [name, listedArgument(input.schemas[name] as Schema, input.text(name))]));
  const own: Record<string, JsonSchema> = {
    ...(folded.size > 0 && { more: { type: "object", description: `${input.common["more"] ?? ""}: ${[...folded].join(", ")}` } }),
    ...(input.paging && { all_pages: { type: "boolean", description: input.common["all_pages"] ?? "" } }),
    ...(input.risk !== "read" && { dry_run: { type: "boolean", description: input.common["dry_run"] ?? "" } }),
  };
  const required = shown.filter((argument) => argument.required).map(({ name }) => name);
  return {
    schema: { type: "object", properties: { ...properties, ...own }, ...(required.length > 0 && { required }) },
    folded,
  };
}

function foldedOf({ arguments: all, schemas, risk, paging }: ListedInput): Set<string> {
  if (risk !== "read" || all.length <= mostArguments) return new Set();
  const optional = all.filter(({ name, required }) => !required && name !== paging?.page && name !== paging?.size);
  return new Set(optional.map(({ name }) => name).filter((name) => !["object", "array"].includes(typeOf(schemas[name] as Schema) ?? "")));
}

function listedArgument(schema: Schema, text: string): JsonSchema {
  const type = typeOf(schema) ?? widestType(schema);
  if (type === "object") return { type, description: join(text, outlineUnlessPlain(schema)) };
  if (type === "array") {
    const items = schema.items ?? {};
    const itemType = typeOf(items) ?? "object";
    const detail = itemType === "object" ? outlineUnlessPlain(items) : enumText(items, enumLimit);
    return { type, items: itemType === "array" ? { type: itemType, items: { type: "object" } } : { type: itemType }, description: join(text, detail) };
  }
  return { type, description: join(text, enumText({ ...schema, nullable: Boolean(schema.nullable && schema.enum) }, enumLimit)) };
}

/** For a value of several JSON types a listing names one that a client can send most with; the check accepts all. */
function widestType(schema: Schema): string {
  const types = (schema.oneOf ?? schema.anyOf ?? []).map(typeOf);
  return types.find((type) => type === "object") ?? types.find((type) => type !== undefined) ?? "object";
}

function outlineUnlessPlain(schema: Schema): string {
  const text = outlineOf(schema, outlineLimit);
  return text === "object" || text === "any" ? "" : text;
}

function join(text: string, detail: string): string {
  if (!detail) return text;
  return text ? `${text}: ${detail}` : detail;
}
