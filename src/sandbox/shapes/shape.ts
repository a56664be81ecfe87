/**
 * Brings state into the shape that an operation declares: its fields, types and envelope.
 * A stored value of the declared JSON type is not changed. A declared field without a value gets a sample.
 */
import { isObject, ownMember, setMember } from "../../catalog/json.ts";
import { matchesSchema, hasType, schemaType } from "./matches-schema.ts";
import type { Json } from "../json.ts";
import { sampleValue } from "./sample.ts";
import { declaredFields, type Schema, type SchemaReader } from "./schema.ts";

/** A resource for an answer. `get` is undefined for a field that the state does not have; `id` seeds samples. */
export interface View {
  readonly id: string;
  get(field: string): unknown;
  /** All fields, for answers without declared fields. */
  all(): Json;
}

/** One page of a list. `extra` are fields beside the items. */
export interface Page {
  readonly items: readonly (View | string)[];
  readonly total: number;
  readonly more: boolean;
  readonly extra: Json;
}

/** Conversions into a declared JSON type, as in Portkey's answers. */
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

/** A stored value in the declared JSON type. null and values that cannot be converted stay. */
export function conformToSchema(reader: SchemaReader, schema: Schema, value: unknown, seed: string): unknown {
  const flat = reader.resolve(schema);
  if (value === null) return null;
  const typed = hasType(flat, value) ? value : convertType(value, schemaType(flat));
  const variants = reader.variants(flat);
  if (variants.length > 0) {
    const variant = variants.find((entry) => matchesSchema(reader, entry, typed));
    return variant ? conformToSchema(reader, variant, typed, seed) : typed;
  }
  const { items } = flat;
  if (Array.isArray(typed)) return items ? typed.map((entry) => conformToSchema(reader, items, entry, seed)) : typed;
  return isObject(typed) ? completeObject(reader, flat, typed, seed) : typed;
}

function convertType(value: unknown, type: string | undefined): unknown {
  const convert = type === undefined ? undefined : ownMember(conversions, type);
  return convert?.(value) ?? value;
}

/** A stored object with its declared fields converted, and missing required fields sampled. */
function completeObject(reader: SchemaReader, schema: Schema, value: Json, seed: string): Json {
  const result: Json = { ...value };
  const required = new Set(schema.required ?? []);
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const given = ownMember(value, name);
    if (given !== undefined) setMember(result, name, conformToSchema(reader, field, given, seed));
    else if (required.has(name)) setMember(result, name, sampleValue(reader, field, { name, seed, required: true }));
  }
  return result;
}

/** A resource in its declared shape: only the declared fields, or all where none are declared. */
export function shapeItem(reader: SchemaReader, schema: Schema, view: View): unknown {
  const flat = pickVariant(reader, schema, view);
  const fields = declaredFields(flat);
  if (!fields) return schemaType(flat) === "string" ? view.id : view.all();
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

/** A single resource in its declared shape; in an envelope `{success, data: {…}}`, it is put into `data`. */
export function shapeAnswer(reader: SchemaReader, schema: Schema, view: View): unknown {
  const flat = pickVariant(reader, schema, view);
  const data = flat.properties?.["data"];
  if (data && flat.properties?.["success"] && view.get("data") === undefined) {
    return { success: true, data: shapeItem(reader, data, view) };
  }
  return shapeItem(reader, flat, view);
}

/** A page in its declared envelope: a bare array, or an object with the items under its array field. */
export function shapePage(reader: SchemaReader, schema: Schema, page: Page): unknown {
  const flat = listVariant(reader, schema);
  const field = findListField(reader, flat);
  const item = field === undefined ? flat.items : reader.resolve(flat.properties?.[field] ?? {}).items;
  const items = page.items.map((entry) => {
    if (typeof entry === "string") return entry;
    return item ? shapeItem(reader, item, entry) : entry.all();
  });
  if (schemaType(flat) === "array") return items;
  const fields = declaredFields(flat);
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
  const envelope = Object.entries(fields).map(([name, declared]) => [
    name,
    values[name] ?? sampleValue(reader, declared, { name, seed: "page", required: required.has(name) }),
  ]);
  return Object.fromEntries(envelope.filter(([, value]) => value !== undefined)) as Json;
}

/** The field of a list's envelope that holds the items; undefined for a bare array and for an undeclared shape. */
export function findListField(reader: SchemaReader, schema: Schema): string | undefined {
  const fields = Object.entries(reader.resolve(schema).properties ?? {}).filter(
    ([, field]) => schemaType(reader.resolve(field)) === "array",
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
