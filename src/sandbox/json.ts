/** A JSON object as it came in or goes out. */
import { isObject } from "../catalog/json.ts";
export type Json = Record<string, unknown>;

/** A table's entry under a name that a caller chose: never what every object inherits (`constructor`, `__proto__`). */
export function entryOf<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** The value as an object; anything else reads as an empty one. */
export function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}

/** The object without some of its fields. */
export function without(object: Json, ...names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** The value as a list; anything else reads as an empty one. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
