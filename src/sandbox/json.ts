/** Mutable JSON objects, and reading values as objects and lists. */
import { isObject } from "../catalog/json.ts";

export type Json = Record<string, unknown>;

/** A table's own entry; for a name from a caller, `table[name]` would find inherited members such as `constructor`. */
export function ownEntry<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** The value as an object; anything else reads as an empty one. */
export function asObject(value: unknown): Json {
  return isObject(value) ? value : {};
}

/** The object without some of its fields. */
export function without(object: Json, ...names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** The value as a list; anything else reads as an empty one. */
export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
