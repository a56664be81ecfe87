/**
 * The full JSON Schema of a tool's arguments, for describe_tool and resources: everything the API accepts, with a
 * description for each field.
 */
import type { JsonSchema } from "../../src/catalog/record.ts";
import type { Schema } from "../read/document.ts";
import { withNotes, type FieldPlace } from "./field-notes.ts";
import { mapValues } from "./schema.ts";

/** Looks up a field's text by the names on its path. List items add no name. */
export type TextOf = (trail: readonly string[]) => string;

/** Keywords of OpenAPI 3.0 that JSON Schema does not have or writes differently, and marks of this generator. */
const openApiOnly = new Set([
  "nullable",
  "discriminator",
  "xml",
  "readOnly",
  "writeOnly",
  "deprecated",
  "$ref",
  "x-listed",
]);

/** An inlined OpenAPI schema as JSON Schema 2020-12, with the project's texts and their notes (field-notes.ts). */
export function fullSchema(schema: Schema, text: TextOf, trail: readonly string[], place: FieldPlace): JsonSchema {
  const { type, properties, items, oneOf, anyOf, additionalProperties, enum: values, ...rest } = withBounds(schema);
  const kept = Object.fromEntries(
    Object.entries(rest).filter(([keyword]) => !openApiOnly.has(keyword) && !keyword.startsWith("x-")),
  );
  const description = trail.length > 0 ? withNotes(text(trail), schema, place) : "";
  const inner: FieldPlace = { ...place, sent: false };
  // A variant or a list item has the same path as its field. Its text is not repeated.
  const again: TextOf = (deeper) => (deeper.length > trail.length ? text(deeper) : "");
  const orNull = schema.nullable && type === undefined ? [{ type: "null" }] : [];
  const variants = (arms: readonly Schema[]) => [
    ...arms.map((variant) => fullSchema(variant, again, trail, inner)),
    ...orNull,
  ];
  return {
    ...(type !== undefined && { type: (schema.nullable ? [type, "null"] : type) as string }),
    ...(description && { description }),
    ...(values && { enum: schema.nullable && !values.includes(null) ? [...values, null] : values }),
    ...kept,
    ...(properties && {
      properties: mapValues(properties, (field, name) => fullSchema(field, text, [...trail, name], inner)),
    }),
    ...(items && { items: fullSchema(items, again, trail, { ...inner, inList: true }) }),
    ...(oneOf && { oneOf: variants(oneOf) }),
    ...(anyOf && { anyOf: variants(anyOf) }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === "object"
          ? fullSchema(additionalProperties, text, [...trail, "*"], inner)
          : additionalProperties,
    }),
  };
}

/** `minimum: 0, exclusiveMinimum: true` of OpenAPI 3.0 is `exclusiveMinimum: 0` in JSON Schema. */
function withBounds(schema: Schema): Schema {
  let bounded = schema;
  for (const [exclusive, plain] of [
    ["exclusiveMinimum", "minimum"],
    ["exclusiveMaximum", "maximum"],
  ] as const) {
    const { [exclusive]: isExclusive, [plain]: bound, ...rest } = bounded;
    if (isExclusive === true && bound !== undefined) bounded = { ...rest, [exclusive]: bound };
    else if (isExclusive !== undefined) bounded = { ...rest, ...(bound !== undefined && { [plain]: bound }) };
  }
  return bounded;
}
