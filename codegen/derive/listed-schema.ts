/**
 * The schema a model sees in tools/list. It is paid for on every turn, so it is compacted, by these rules:
 *  1. Every argument is a property of a plain object: one JSON type and a text.
 *     No unions, references, formats or ranges.
 *  2. Enum values stand in the text as `a|b`; they are hints, since the API accepts newer ones.
 *  3. An object or a list of objects is listed as such; its text ends with an outline of what it holds (outline.ts).
 *  4. A text lists its first clause only; where it ends in the tool that gives the value, `from list_x` says enough.
 *  5. Always listed are required arguments, the first two fields of a create that requires nothing, and unions, whose
 *     variants an outline cannot show. Other optional arguments are listed while the schema stays within `roomFor`
 *     characters, the most needed first: workspace_id, dry_run, paging, then the API's order.
 *     The rest are folded into one object, `more`, whose text is their outline with types. They are accepted in it and
 *     beside it.
 * The request is checked against the full schema (full-schema.ts), never against this one.
 */
import type { Argument, JsonSchema, Paging, Risk } from "../../src/catalog/record.ts";
import type { Schema } from "../read/document.ts";
import { enumText, outlineOf } from "./outline.ts";
import { variantsOf, typeOf } from "./schema.ts";

/** In characters, about four a token. They keep the whole catalogue below 20,000 tokens (test/generated). */
const roomFor = { properties: 150, outline: 260, more: 80, enumValues: 6 };

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

interface Candidate {
  readonly name: string;
  readonly schema: Schema;
  readonly listed: JsonSchema;
}

export function listedSchema(input: ListedInput): Listed {
  const candidate = ({ name }: { name: string }): Candidate => {
    const schema = input.schemas[name];
    const common = Object.hasOwn(input.common, name) ? input.common[name] : undefined;
    const text = listedText(common ?? input.text(name));
    // The listed arguments of our own, which have no schema, are all booleans.
    return { name, schema: schema ?? {}, listed: listedArgument(schema ?? { type: "boolean" }, text) };
  };
  const required = input.arguments.filter((argument) => argument.required);
  const unions = input.arguments.filter(({ name }) => {
    const schema = input.schemas[name] as Schema;
    return typeOf(schema) === "object" && variantsOf(schema).length > 1;
  });
  const requiresNothing = input.risk === "create" && required.length === 0;
  const first = requiresNothing ? input.arguments.slice(0, 2) : required;
  const alwaysListed = new Set([...first, ...unions]);
  const optional = byNeed(
    [...input.arguments.filter((argument) => !alwaysListed.has(argument)), ...ownArguments(input)],
    input.paging,
  );
  const always = [...alwaysListed].map(candidate);
  const others = optional.map(candidate);

  // A single argument in `more` would cost as much as listing it.
  let shown = others.length;
  while (shown > 0 && sizeOf(propertiesOf(always, others, shown, input.common)) > roomFor.properties)
    shown -= shown === others.length && shown > 1 ? 2 : 1;
  const folded = others.length - shown === 1 ? [] : others.slice(shown);
  const properties = propertiesOf(always, others, others.length - folded.length, input.common);
  return {
    schema: { type: "object", properties, ...(required.length > 0 && { required: required.map(({ name }) => name) }) },
    folded: new Set(folded.map(({ name }) => name)),
  };
}

/** Arguments of our own that a listing names; `fields` is named once, in the server's instructions. */
function ownArguments({ risk, paging }: ListedInput): { name: string }[] {
  return [...(paging ? [{ name: "all_pages" }] : []), ...(risk === "read" ? [] : [{ name: "dry_run" }])];
}

function byNeed<T extends { name: string }>(optional: readonly T[], paging: Paging | undefined): T[] {
  const first = ["workspace_id", "dry_run", "all_pages", paging?.page, paging?.size];
  const rank = ({ name }: T) => (first.includes(name) ? first.indexOf(name) : first.length);
  return [...optional].sort((a, b) => rank(a) - rank(b));
}

function propertiesOf(
  always: readonly Candidate[],
  others: readonly Candidate[],
  shown: number,
  common: Readonly<Record<string, string>>,
) {
  const folded = others.slice(shown);
  const outline = outlineOf(
    { type: "object", properties: Object.fromEntries(folded.map(({ name, schema }) => [name, schema])) },
    roomFor.more,
  );
  return {
    ...Object.fromEntries([...always, ...others.slice(0, shown)].map(({ name, listed }) => [name, listed])),
    ...(folded.length > 0 && { more: { type: "object", description: join(common["more"] ?? "", outline) } }),
  };
}

const sizeOf = (value: unknown) => JSON.stringify(value).length;

function listedArgument(schema: Schema, text: string): JsonSchema {
  const type = typeOf(schema) ?? firstType(schema);
  // What stands in another tool's listing is not paid for twice.
  const isElsewhere = /\bas in \w+$/.test(text);
  if (type === "object") return { type, description: isElsewhere ? text : join(text, outlineUnlessPlain(schema)) };
  if (type === "array") {
    const items = schema.items ?? {};
    const itemType = typeOf(items) ?? "object";
    const detail = itemType === "object" ? outlineUnlessPlain(items) : enumText(items, roomFor.enumValues);
    return {
      type,
      items: itemType === "array" ? { type: itemType, items: { type: "object" } } : { type: itemType },
      description: join(text, detail),
    };
  }
  const nullable = Boolean(schema.nullable && schema.enum);
  return { type, description: join(text, enumText({ ...schema, nullable }, roomFor.enumValues)) };
}

/**
 * Of several JSON types a listing names the first: the overlay orders them so that it is the usual one.
 * The full schema accepts all of them.
 */
function firstType(schema: Schema): string {
  const types = (schema.oneOf ?? schema.anyOf ?? []).map(typeOf);
  return types.find((type) => type !== undefined) ?? "object";
}

function outlineUnlessPlain(schema: Schema): string {
  const text = outlineOf(schema, roomFor.outline);
  return text === "object" || text === "any" ? "" : text;
}

function listedText(text: string): string {
  const source = /\(((?:list|get|create)_\w+)\)$/.exec(text)?.[1];
  return source ? `from ${source}` : (text.split(";")[0] as string);
}

function join(text: string, detail: string): string {
  if (!detail) return text;
  return text ? `${text}: ${detail}` : detail;
}
