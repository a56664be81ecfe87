/**
 * Reads values in the forms that Portkey's API uses: lists bare or wrapped, booleans as 1 or "false", numbers as text,
 * an object inside `{success, data}`, a config's body as a JSON string.
 */
import { isObject, type Json } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { isDeeper } from "../../errors/nesting.ts";
import { findList } from "../../portkey/response/lists.ts";

/** The items of a list answer that are objects; empty where the answer is no list. */
export function readItems(body: unknown): readonly Json[] {
  return filterObjects(findList(body)?.items ?? []);
}

export function filterObjects(items: readonly unknown[]): readonly Json[] {
  return items.filter(isObject);
}

/** The object in an answer, also inside `{success, data}`; empty where the answer is no object. */
export function readObject(body: unknown): Json {
  if (!isObject(body)) return {};
  const inner = body["data"];
  return isObject(inner) && !Object.hasOwn(body, "id") ? inner : body;
}

/** The value where it is an object; otherwise an empty object. */
export function asObject(value: unknown): Json {
  return isObject(value) ? value : {};
}

/** A number, also one written as text; undefined for anything else. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === "string" && value.trim() === "") return undefined;
  const number = typeof value === "number" || typeof value === "string" ? Number(value) : NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** A text that is not empty; undefined for anything else. */
export function asText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Whether a value is true, also written as 1, "1" or "true". */
export function asBoolean(value: unknown): boolean {
  return value === true || value === 1 || value === "1" || value === "true";
}

/** The value where it is an object, or the object in its JSON text; undefined otherwise. */
export function parseObject(value: unknown): Json | undefined {
  if (isObject(value)) return value;
  const parsed = typeof value === "string" ? parseJsonText(value) : undefined;
  return isObject(parsed) ? parsed : undefined;
}

/** The value of a JSON text; undefined where it is no JSON, or nested deeper than BOUNDS.depth. */
export function parseJsonText(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isDeeper(value, BOUNDS.depth) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Whether a field counts as unset: null, "", or an empty list or object, which Portkey returns for unset fields. */
export function isUnset(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

/** The object without its undefined members. */
export function withoutUndefined(members: Json): Json {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
