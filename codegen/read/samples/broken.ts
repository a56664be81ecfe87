/** Finds the keywords of a schema that a value violates. */
import type { Schema } from "../document.ts";

export function jsonTypeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

export function breaks(type: string, value: unknown): boolean {
  const actual = jsonTypeOf(value);
  return actual !== type && !(type === "number" && actual === "integer");
}

const formats: Readonly<Record<string, RegExp>> = {
  uuid: /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
  "date-time": /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/i,
  date: /^\d{4}-\d\d-\d\d$/,
  email: /^[^@\s]+@[^@\s]+$/,
  uri: /^[a-z][a-z0-9+.-]*:/i,
};

type Test = (value: unknown, limit: unknown) => boolean;

const size = (value: unknown) => (typeof value === "string" || Array.isArray(value) ? value.length : undefined);
const text = (value: unknown) => (typeof value === "string" ? value : undefined);

/** For each keyword, a test whether a value satisfies it. */
const within: Readonly<Record<string, Test>> = {
  minimum: (value, limit) => typeof value !== "number" || value >= (limit as number),
  maximum: (value, limit) => typeof value !== "number" || value <= (limit as number),
  minLength: (value, limit) => text(value) === undefined || (size(value) as number) >= (limit as number),
  maxLength: (value, limit) => text(value) === undefined || (size(value) as number) <= (limit as number),
  minItems: (value, limit) => !Array.isArray(value) || value.length >= (limit as number),
  maxItems: (value, limit) => !Array.isArray(value) || value.length <= (limit as number),
  pattern: (value, pattern) => text(value) === undefined || new RegExp(pattern as string).test(value as string),
  format: (value, format) => text(value) === undefined || (formats[format as string]?.test(value as string) ?? true),
};

export function keywordsBroken(schema: Schema, value: unknown): string[] {
  return Object.keys(within).filter((keyword) => keyword in schema && !within[keyword]?.(value, schema[keyword]));
}
