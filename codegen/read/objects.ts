/** Type guards for plain data. */

export function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

export function isText(value: unknown): value is string {
  return typeof value === "string";
}
