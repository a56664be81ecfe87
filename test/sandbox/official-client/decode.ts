/**
 * Reads JSON as Go's encoding/json reads it into a struct: null and missing fields are zero values, unknown fields are
 * ignored, and a value of another type fails the whole answer.
 */
export type Shape =
  | "text"
  | "whole number"
  | "number"
  | "flag"
  | "time"
  | "anything"
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly fields: Readonly<Record<string, Shape>> };

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

const plain: Readonly<Record<string, (value: unknown) => boolean>> = {
  text: (value) => typeof value === "string",
  "whole number": (value) => Number.isInteger(value),
  number: (value) => typeof value === "number",
  flag: (value) => typeof value === "boolean",
  time: (value) => typeof value === "string" && rfc3339.test(value),
  anything: () => true,
};

/** Each place that does not fit, with what stands there. */
export function misfits(shape: Shape, value: unknown, path = "$"): string[] {
  if (value === null || value === undefined) return [];
  if (typeof shape === "string")
    return plain[shape]?.(value) ? [] : [`${path}: ${JSON.stringify(value)} is no ${shape}`];
  if ("list" in shape) {
    if (!Array.isArray(value)) return [`${path}: ${JSON.stringify(value)} is no list`];
    return value.flatMap((item, index) => misfits(shape.list, item, `${path}[${index}]`));
  }
  if (typeof value !== "object" || Array.isArray(value)) return [`${path}: ${JSON.stringify(value)} is no object`];
  if ("map" in shape)
    return Object.entries(value).flatMap(([name, inner]) => misfits(shape.map, inner, `${path}.${name}`));
  return Object.entries(shape.fields).flatMap(([name, inner]) =>
    misfits(inner, (value as Record<string, unknown>)[name], `${path}.${name}`),
  );
}
