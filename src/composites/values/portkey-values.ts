/**
 * Reads values the way Portkey's live API writes them: lists bare or wrapped, booleans as 1 or "false", numbers as
 * text, one object inside `{success, data}`, a config's body as a JSON string.
 */
import { isObject, type Json } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { isDeeper } from "../../errors/nesting.ts";
import { findList } from "../../portkey/response/lists.ts";

/** A list answer's items; none where the answer is no list. */
export function itemsOf(body: unknown): readonly Json[] {
  return objectsIn(findList(body)?.items ?? []);
}

export function objectsIn(items: readonly unknown[]): readonly Json[] {
  return items.filter(isObject);
}

/** The object an answer is about, out of `{success, data}` where it is wrapped. */
export function objectIn(body: unknown): Json {
  if (!isObject(body)) return {};
  const inner = body["data"];
  return isObject(inner) && !Object.hasOwn(body, "id") ? inner : body;
}

/** The members of a value that is an object, and no members of anything else. */
export function membersOf(value: unknown): Json {
  return isObject(value) ? value : {};
}

/** A number, also where it came as text. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === "string" && value.trim() === "") return undefined;
  const number = typeof value === "number" || typeof value === "string" ? Number(value) : NaN;
  return Number.isFinite(number) ? number : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Whether a boolean that may come as 1, 0, "true" or "false" is true. */
export function flagOf(value: unknown): boolean {
  return value === true || value === 1 || value === "1" || value === "true";
}

/** The object in a value that may be that object's JSON text; undefined where it is neither. */
export function parsedObject(value: unknown): Json | undefined {
  if (isObject(value)) return value;
  const parsed = typeof value === "string" ? parsedJson(value) : undefined;
  return isObject(parsed) ? parsed : undefined;
}

/** The value of a JSON text; undefined where it is none, or nested deeper than is walked through. */
export function parsedJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isDeeper(value, BOUNDS.depth) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Null, "", and lists and objects without members: what Portkey answers for a field nobody set. */
export function isUnset(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

/** The object without its undefined members. */
export function withoutUndefined(members: Json): Json {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
