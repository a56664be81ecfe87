/**
 * The input schema in tools/list. A model reads it on every turn, so it is shortened by these rules:
 *  1. Every argument is a property of a plain object: one JSON type and a text.
 *     No unions, references, formats or ranges.
 *  2. Enum values are in the text as `a|b`. They are hints, since the API accepts newer ones.
 *  3. An object or a list of objects has no inner schema; its text ends with an outline of its fields (outline.ts).
 *  4. Only the first clause of a text is listed. A reference to the tool that returns the value becomes `from list_x`.
 *  5. Always listed are required arguments, the first two fields of a create that requires nothing, and unions, whose
 *     variants an outline cannot show. Another optional argument is listed where there is only one. Several are folded
 *     into one object, `more`, whose text is their outline with types, the most needed first: workspace_id, dry_run,
 *     the page's size, then the API's order. They are accepted in it and beside it.
 *  6. Named once for all tools, in the server's instructions, are our own all_pages, fields, names and key; and the
 *     argument for the page, which the answers name with its value.
 * The request is checked against the full schema (full-schema.ts), never against this one.
 */
import type { Argument, JsonSchema, Paging, Risk } from "../../src/catalog/record.ts";
import type { Schema } from "../read/document.ts";
import { enumText, outlineOf } from "./outline.ts";
import { variantsOf, typeOf } from "./schema.ts";

/** In characters (about four per token), but `enumValues` is a number of values. Limits for the catalogue's budget. */
const roomFor = { outline: 260, more: 80, enumValues: 10 };

export interface ListedInput {
  readonly arguments: readonly Argument[];
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly risk: Risk;
  readonly paging: Paging | undefined;
  /** The text of a top-level argument. */
  readonly text: (name: string) => string;
  /** Texts of the arguments that this server adds to tools. */
  readonly common: Readonly<Record<string, string>>;
  /** Names of fields that an outline shows at full depth. */
  readonly opened: readonly string[];
}

export interface Listed {
  readonly schema: JsonSchema;
  /** Names of the arguments that are not listed themselves: those in `more`, and those of rule 6. */
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
    // Arguments that this server adds have no schema. All that are listed are booleans.
    return {
      name,
      schema: schema ?? { type: "boolean" },
      listed: listedArgument(schema ?? { type: "boolean" }, text, input.opened),
    };
  };
  const required = input.arguments.filter((argument) => argument.required);
  const unions = input.arguments.filter(({ name }) => {
    const schema = input.schemas[name] as Schema;
    return typeOf(schema) === "object" && variantsOf(schema).length > 1;
  });
  const requiresNothing = input.risk === "create" && required.length === 0;
  const first = requiresNothing ? input.arguments.slice(0, 2) : required;
  const alwaysListed = new Set([...first, ...unions]);
  const always = [...alwaysListed].map(candidate);
  const others = optionalOf(input, alwaysListed).map(candidate);

  // A single argument in `more` would cost as much as listing it.
  const folded = others.length > 1 ? others : [];
  const properties = propertiesOf([...always, ...others.slice(folded.length)], folded, input);
  return {
    schema: { type: "object", properties, ...(required.length > 0 && { required: required.map(({ name }) => name) }) },
    folded: new Set([...folded.map(({ name }) => name), ...(input.paging ? [input.paging.page] : [])]),
  };
}

/** The optional arguments to list or to put into `more`, the most needed first. Of the server's own only `dry_run`. */
function optionalOf(input: ListedInput, always: ReadonlySet<Argument>): { name: string }[] {
  const { paging, risk } = input;
  const own = risk === "read" ? [] : [{ name: "dry_run" }];
  const optional = input.arguments.filter((argument) => !always.has(argument) && argument.name !== paging?.page);
  const first = ["workspace_id", "dry_run", paging?.size];
  const rank = ({ name }: { name: string }) => (first.includes(name) ? first.indexOf(name) : first.length);
  return [...optional, ...own].sort((a, b) => rank(a) - rank(b));
}

function propertiesOf(
  listed: readonly Candidate[],
  folded: readonly Candidate[],
  { common, opened }: Pick<ListedInput, "common" | "opened">,
) {
  const outline = outlineOf(
    { type: "object", properties: Object.fromEntries(folded.map(({ name, schema }) => [name, schema])) },
    roomFor.more,
    opened,
  );
  return {
    ...Object.fromEntries(listed.map(({ name, listed: schema }) => [name, schema])),
    ...(folded.length > 0 && { more: { type: "object", description: join(common["more"] ?? "", outline) } }),
  };
}

function listedArgument(schema: Schema, text: string, opened: readonly string[]): JsonSchema {
  const type = typeOf(schema) ?? firstType(schema);
  // If the outline is in another tool's listing, it is not repeated.
  const isElsewhere = /\bas in \w+$/.test(text);
  if (type === "object")
    return { type, description: isElsewhere ? text : join(text, outlineUnlessPlain(schema, opened)) };
  if (type === "array") {
    const items = schema.items ?? {};
    const itemType = typeOf(items) ?? "object";
    const detail = itemType === "object" ? outlineUnlessPlain(items, opened) : enumText(items, roomFor.enumValues);
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
 * Of several JSON types only the first is listed: the overlay puts the most common one first. The full schema accepts
 * all of them.
 */
function firstType(schema: Schema): string {
  const types = (schema.oneOf ?? schema.anyOf ?? []).map(typeOf);
  return types.find((type) => type !== undefined) ?? "object";
}

function outlineUnlessPlain(schema: Schema, opened: readonly string[]): string {
  const text = outlineOf(schema, roomFor.outline, opened);
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
