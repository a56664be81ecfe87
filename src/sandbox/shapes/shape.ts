/**
 * State into the shape an operation declares: its fields, its types, its envelope.
 * A stored value is answered as it is where its JSON type fits. A declared field without a value gets a sample.
 */
import { isObject, ownMember, setMember } from "../../catalog/json.ts";
import { matchesSchema, hasType, typeOf } from "./matches-schema.ts";
import type { Json } from "../json.ts";
import { sampleValue } from "./sample.ts";
import { fieldsOf, type Schema, type SchemaReader } from "./schema.ts";

/** A resource as answers see it: a field's value, or undefined where the state has none. `id` seeds what is sampled. */
export interface View {
  readonly id: string;
  get(field: string): unknown;
  /** All there is to tell, for answers whose fields nobody declared. */
  all(): Json;
}

/** One page of a list, as the envelope needs it. `extra` are fields beside the items. */
export interface Page {
  readonly items: readonly (View | string)[];
  readonly total: number;
  readonly more: boolean;
  readonly extra: Json;
}

/** Turns one JSON type into a declared one, where Portkey's own answers do. */
const conversions: Readonly<Record<string, (value: unknown) => unknown>> = {
  array: (value) => (isObject(value) ? [value] : value),
  object: (value) => (Array.isArray(value) ? (value[0] ?? {}) : value),
  string: (value) => (typeof value === "object" ? JSON.stringify(value) : String(value)),
  integer: (value) => {
    if (typeof value === "boolean") return Number(value);
    return typeof value === "number" ? Math.round(value) : value;
  },
  number: (value) => (typeof value === "boolean" ? Number(value) : value),
  boolean: (value) => (value === 1 || value === 0 ? value === 1 : value),
};

/** A held value in the declared JSON type. A null stays null, and a value of an unforeseen type stays as it is. */
export function conformToSchema(reader: SchemaReader, schema: Schema, value: unknown, seed: string): unknown {
  const flat = reader.resolve(schema);
  if (value === null) return null;
  const typed = hasType(flat, value) ? value : converted(value, typeOf(flat));
  const variants = reader.variants(flat);
  if (variants.length > 0) {
    const variant = variants.find((each) => matchesSchema(reader, each, typed));
    return variant ? conformToSchema(reader, variant, typed, seed) : typed;
  }
  const { items } = flat;
  if (Array.isArray(typed)) return items ? typed.map((each) => conformToSchema(reader, items, each, seed)) : typed;
  return isObject(typed) ? completed(reader, flat, typed, seed) : typed;
}

function converted(value: unknown, type: string | undefined): unknown {
  const convert = type === undefined ? undefined : ownMember(conversions, type);
  return convert?.(value) ?? value;
}

/** An object as held, with its declared fields in their types and its missing required fields sampled. */
function completed(reader: SchemaReader, schema: Schema, value: Json, seed: string): Json {
  const result: Json = { ...value };
  const required = new Set(schema.required ?? []);
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const given = ownMember(value, name);
    if (given !== undefined) setMember(result, name, conformToSchema(reader, field, given, seed));
    else if (required.has(name)) setMember(result, name, sampleValue(reader, field, { name, seed, required: true }));
  }
  return result;
}

/** A resource as the declared object: exactly the declared fields, or all there is where none are declared. */
export function shapedItem(reader: SchemaReader, schema: Schema, view: View): unknown {
  const flat = pickVariant(reader, schema, view);
  const fields = fieldsOf(flat);
  if (!fields) return typeOf(flat) === "string" ? view.id : view.all();
  const result: Json = {};
  const required = new Set(flat.required ?? []);
  for (const [name, field] of Object.entries(fields)) {
    const held = view.get(name);
    const value =
      held === undefined
        ? sampleValue(reader, field, { name, seed: view.id, required: required.has(name) })
        : conformToSchema(reader, field, held, view.id);
    if (value !== undefined) setMember(result, name, value);
  }
  return result;
}

/** The object schema of a single answer. Where it only wraps, `{success, data: {…}}`, the resource goes into `data`. */
export function shapedAnswer(reader: SchemaReader, schema: Schema, view: View): unknown {
  const flat = pickVariant(reader, schema, view);
  const data = flat.properties?.["data"];
  if (data && flat.properties?.["success"] && view.get("data") === undefined) {
    return { success: true, data: shapedItem(reader, data, view) };
  }
  return shapedItem(reader, flat, view);
}

/** A page in its declared envelope: a bare array, or an object with the items under its array field. */
export function shapedPage(reader: SchemaReader, schema: Schema, page: Page): unknown {
  const flat = listVariant(reader, schema);
  const field = listField(reader, flat);
  const item = field === undefined ? flat.items : reader.resolve(flat.properties?.[field] ?? {}).items;
  const items = page.items.map((each) => {
    if (typeof each === "string") return each;
    return item ? shapedItem(reader, item, each) : each.all();
  });
  if (typeOf(flat) === "array") return items;
  const fields = fieldsOf(flat);
  if (!fields) return { object: "list", total: page.total, ...page.extra, data: items };
  const values: Json = {
    object: "list",
    success: true,
    total: page.total,
    total_count: page.total,
    has_more: page.more,
    ...page.extra,
    [field ?? "data"]: items,
  };
  const required = new Set(flat.required ?? []);
  const told = Object.entries(fields).map(([name, declared]) => [
    name,
    values[name] ?? sampleValue(reader, declared, { name, seed: "page", required: required.has(name) }),
  ]);
  return Object.fromEntries(told.filter(([, value]) => value !== undefined)) as Json;
}

/** The field of a list's envelope that holds its items; undefined for a bare array and for a shape nobody declared. */
export function listField(reader: SchemaReader, schema: Schema): string | undefined {
  const fields = Object.entries(reader.resolve(schema).properties ?? {}).filter(
    ([, field]) => typeOf(reader.resolve(field)) === "array",
  );
  return (fields.find(([name]) => name === "data") ?? fields[0])?.[0];
}

function listVariant(reader: SchemaReader, schema: Schema): Schema {
  return reader.variants(schema)[0] ?? reader.resolve(schema);
}

function pickVariant(reader: SchemaReader, schema: Schema, view: View): Schema {
  const variants = reader.variants(schema);
  return (
    variants.find((variant) => matchesSchema(reader, variant, view.all())) ?? variants[0] ?? reader.resolve(schema)
  );
}
