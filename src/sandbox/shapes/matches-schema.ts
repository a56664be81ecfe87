/**
 * Checks a value against a schema at all levels: JSON types, required fields and enums.
 * Formats, patterns and bounds are not checked; the tests validate whole answers with ajv.
 */
import { isObject, ownMember } from "../../catalog/json.ts";
import type { Schema, SchemaReader } from "./schema.ts";

const typeTests: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === "boolean",
  array: Array.isArray,
  object: isObject,
};

/** The type that a schema declares, or that its keywords imply. */
export function schemaType(schema: Schema): string | undefined {
  if (schema.type !== undefined) return schema.type;
  if (schema.properties) return "object";
  return schema.items ? "array" : undefined;
}

/** Whether a value has the schema's JSON type; a schema without a type accepts any. */
export function hasType(schema: Schema, value: unknown): boolean {
  if (value === null) return schema.nullable === true;
  const type = schemaType(schema);
  return type === undefined || (ownMember(typeTests, type)?.(value) ?? true);
}

export function matchesSchema(reader: SchemaReader, schema: Schema, value: unknown): boolean {
  const flat = reader.resolve(schema);
  if (!hasType(flat, value)) return false;
  if (value === null) return true;
  if (flat.enum && !flat.enum.includes(value)) return false;
  const variants = reader.variants(flat);
  if (variants.length > 0 && !variants.some((variant) => matchesSchema(reader, variant, value))) return false;
  const { items, properties } = flat;
  if (Array.isArray(value)) return !items || value.every((entry) => matchesSchema(reader, items, entry));
  if (!isObject(value)) return true;
  if (flat.required?.some((name) => value[name] === undefined)) return false;
  return Object.entries(properties ?? {}).every(
    ([name, field]) => value[name] === undefined || matchesSchema(reader, field, value[name]),
  );
}
