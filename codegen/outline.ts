/**
 * An outline names what a folded schema holds, in the notation models read best for the fewest tokens:
 * `{mode*:single|loadbalance, targets:[{weight:number}]}`. A star marks a required key; a key without a type is a string.
 */
import type { Schema } from "./document.ts";
import { armsOf, fieldsOf, typeOf } from "./schema.ts";

/** How much an outline may say, from everything to the bare names; the first that fits is used. */
interface Detail {
  readonly depth: number;
  readonly types: boolean;
  readonly enumValues: number;
}

const details: readonly Detail[] = [
  { depth: 4, types: true, enumValues: 8 },
  { depth: 3, types: true, enumValues: 5 },
  { depth: 2, types: true, enumValues: 3 },
  { depth: 2, types: false, enumValues: 0 },
  { depth: 1, types: false, enumValues: 0 },
];

/** The most detailed outline of at most `limit` characters; cut at a key with an ellipsis where not even the names fit. */
export function outlineOf(schema: Schema, limit: number): string {
  const outlines = details.map((detail) => outline(schema, detail, detail.depth));
  const fitting = outlines.find((text) => text.length <= limit);
  if (fitting !== undefined) return fitting;
  const names = outlines.at(-1) as string;
  return `${names.slice(0, names.lastIndexOf(",", limit - 2))},…}`;
}

function outline(schema: Schema, detail: Detail, depth: number): string {
  const type = typeOf(schema);
  if (schema.enum && detail.enumValues > 0) return enumText(schema, detail.enumValues);
  if (type === "array") return `[${depth > 0 ? outline(schema.items ?? {}, detail, depth) : "…"}]`;
  if (type === "object" || (type === undefined && armsOf(schema).some((arm) => arm.properties))) return objectOutline(schema, detail, depth);
  if (type === undefined) return armsOf(schema).length > 1 ? [...new Set(armsOf(schema).map((arm) => outline(arm, detail, depth)))].join("|") : "any";
  return `${type}${schema.nullable ? "|null" : ""}`;
}

function objectOutline(schema: Schema, detail: Detail, depth: number): string {
  const { properties, required } = fieldsOf(schema);
  const names = Object.keys(properties);
  if (names.length === 0) return typeof schema.additionalProperties === "object" ? `{key:${outline(schema.additionalProperties, detail, depth - 1)}}` : "object";
  if (depth === 0) return "{…}";
  const fields = names.map((name) => {
    const field = properties[name] as Schema;
    const head = `${name}${required.includes(name) ? "*" : ""}`;
    const structured = ["object", "array", undefined].includes(typeOf(field));
    if (!detail.types && !structured) return head;
    const inner = outline(field, detail, depth - 1);
    return inner === "string" || inner === "object" && !detail.types || inner === "{…}" && !detail.types || inner === "[…]" && !detail.types ? head : `${head}:${inner}`;
  });
  return `{${fields.join(",")}}`;
}

/** Enum values as `a|b|c`, the tail elided: Portkey accepts more than its document lists, so they are hints. */
export function enumText(schema: Schema, most: number): string {
  const values = (schema.enum ?? []).filter((value) => value !== null).map(String);
  const shown = values.length > most ? [...values.slice(0, most), "…"] : values;
  return [...shown, ...(schema.nullable ? ["null"] : [])].join("|");
}
