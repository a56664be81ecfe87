/** Makes schemas self-contained: references are inlined and `allOf` is merged. */
import { canonical } from "../read/canonical.ts";
import { resolve, type Document, type Schema } from "../read/document.ts";

/** How often a schema may recur inside itself before it becomes a plain object. Once shows that it is recursive. */
const mostRecursions = 1;

/**
 * A copy without `$ref` and `allOf`. A recursive schema is inlined once more inside itself; deeper occurrences become a
 * plain object.
 */
export function inlineSchema(document: Document, schema: Schema, trail: readonly string[] = []): Schema {
  if (schema.$ref !== undefined) {
    if (trail.filter((ref) => ref === schema.$ref).length > mostRecursions) return { type: "object" };
    return inlineSchema(document, resolve(document, schema), [...trail, schema.$ref]);
  }
  const inline = (inner: Schema) => inlineSchema(document, inner, trail);
  const { allOf, properties, items, oneOf, anyOf, not, additionalProperties, ...rest } = schema;
  const inlined: Schema = {
    ...rest,
    ...(not && { not: inline(not) }),
    ...(properties && { properties: mapValues(properties, inline) }),
    ...(items && { items: inline(items) }),
    ...(oneOf && { oneOf: oneOf.map(inline) }),
    ...(anyOf && { anyOf: anyOf.map(inline) }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === "object" ? inline(additionalProperties) : additionalProperties,
    }),
  };
  return allOf ? [...allOf.map(inline), inlined].reduce(mergeObjects) : inlined;
}

const unions = ["oneOf", "anyOf"] as const;

/**
 * Merges two object schemas: properties and `required` are united, and other keywords of the second win. If both are
 * unions, the variants of the first are reduced to their fields.
 */
export function mergeObjects(one: Schema, second: Schema): Schema {
  const first = unions.some((union) => one[union] && second[union]) ? withoutArms(one) : one;
  const required = [...new Set([...(first.required ?? []), ...(second.required ?? [])])];
  return {
    ...first,
    ...second,
    ...((first.properties ?? second.properties) && { properties: { ...first.properties, ...second.properties } }),
    ...(required.length > 0 && { required }),
  };
}

function withoutArms({ oneOf, anyOf, ...rest }: Schema): Schema {
  const { properties, required } = fieldsOf({ ...rest, ...(oneOf && { oneOf }), ...(anyOf && { anyOf }) });
  return { ...rest, properties, ...(required.length > 0 && { required }) };
}

/** The variants of a union, or the schema itself as its only variant. */
export function variantsOf(schema: Schema): Schema[] {
  return schema.oneOf ?? schema.anyOf ?? [schema];
}

/** The JSON type of a schema's values; undefined if there are several. */
export function typeOf(schema: Schema): string | undefined {
  if (schema.type !== undefined) return schema.type;
  if (schema.properties ?? schema.additionalProperties) return "object";
  if (schema.items) return "array";
  const variants = schema.oneOf ?? schema.anyOf;
  const types = new Set(variants?.map(typeOf));
  return types.size === 1 ? [...types][0] : undefined;
}

/** The fields of all variants of an object schema. A field is required only if all variants require it. */
export function fieldsOf(schema: Schema): { properties: Record<string, Schema>; required: string[] } {
  const properties = { ...schema.properties };
  const required = new Set(schema.required);
  for (const union of unions) {
    const variants = (schema[union] ?? []).map(fieldsOf);
    for (const variant of variants) {
      for (const [name, field] of Object.entries(variant.properties))
        properties[name] = eitherOf(properties[name], field);
    }
    const [first, ...others] = variants;
    for (const name of first?.required ?? [])
      if (others.every((other) => other.required.includes(name))) required.add(name);
  }
  return { properties, required: [...required] };
}

/** Merges a field that two variants define differently: accepts the values, and the types, of both. */
function eitherOf(one: Schema | undefined, other: Schema): Schema {
  if (one === undefined || canonical(one) === canonical(other)) return other;
  if (one.enum && other.enum) return { ...one, enum: [...new Set([...one.enum, ...other.enum])] };
  if (typeOf(one) === typeOf(other)) return one;
  return { anyOf: [one, other] };
}

export function mapValues<T, U>(record: Record<string, T>, map: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

/** The schema for a request: without `readOnly` fields, which only answers have. */
export function withoutReadOnly(schema: Schema): Schema {
  const { properties, required, items, oneOf, anyOf, ...rest } = schema;
  const isSent = (name: string) => properties?.[name]?.["readOnly"] !== true;
  const sent = Object.entries(properties ?? {}).filter(([name]) => isSent(name));
  const names = required?.filter(isSent) ?? [];
  return {
    ...rest,
    ...(properties && { properties: mapValues(Object.fromEntries(sent), withoutReadOnly) }),
    ...(names.length > 0 && { required: names }),
    ...(items && { items: withoutReadOnly(items) }),
    ...(oneOf && { oneOf: oneOf.map(withoutReadOnly) }),
    ...(anyOf && { anyOf: anyOf.map(withoutReadOnly) }),
  };
}
