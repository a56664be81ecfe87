/** Compares two JSON values field by field, and shortens the values for reading. */
import { isDeepStrictEqual } from "node:util";
import { BOUNDS } from "../../errors/bounds.ts";
import { clip } from "../../errors/clip.ts";
import { cut } from "../../errors/cut.ts";
import { isObject, ownMember, type Json } from "../../catalog/json.ts";
import { isUnset, parseJsonText } from "./portkey-values.ts";

export interface FieldChange {
  /** Dotted path: `parameters.temperature`, `string[1].content`. */
  readonly field: string;
  /** Absent where the field was not set. */
  readonly before?: unknown;
  /** Absent where the field is unset now. */
  readonly after?: unknown;
}

/** Characters shown of a text; of a longer one, around the first difference. */
const longestShown = 160;
const shownBefore = 40;

/** The last entry, where more fields differ than are listed. */
const FURTHER: FieldChange = { field: `(more than ${BOUNDS.changes} fields differ)` };

/**
 * The fields that differ, bounded in number and in length. null, absent and empty all count as unset. JSON text of a
 * list or an object is compared by its value.
 */
export function findChanges(before: unknown, after: unknown): FieldChange[] {
  const found: FieldChange[] = [];
  collect(before, after, "", found);
  return found.length > BOUNDS.changes ? [...found.slice(0, BOUNDS.changes), FURTHER] : found;
}

function collect(before: unknown, after: unknown, at: string, found: FieldChange[]): void {
  if (found.length > BOUNDS.changes) return;
  const [from, to] = [parseStructure(before), parseStructure(after)];
  if (isUnset(from) && isUnset(to)) return;
  // Each field inside would be listed with this path, so at a long path the value is compared as a whole.
  const isLong = at.length > BOUNDS.problem;
  if (!isLong && isObject(from) && isObject(to)) return collectMembers(from, to, at, found);
  // At the top level, an unset side counts as an empty object, so that each member is listed.
  const atTop = at === "";
  if (atTop && isUnset(from) && isObject(to)) return collectMembers({}, to, at, found);
  if (atTop && isObject(from) && isUnset(to)) return collectMembers(from, {}, at, found);
  if (!isLong && Array.isArray(from) && Array.isArray(to) && from.length === to.length)
    return from.forEach((item, index) => collect(item, to[index], `${at}[${index}]`, found));
  if (!isDeepStrictEqual(from, to)) found.push(shortenChange(at, from, to));
}

function collectMembers(before: Json, after: Json, at: string, found: FieldChange[]): void {
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const shown = clip(name);
    collect(ownMember(before, name), ownMember(after, name), at === "" ? shown : `${at}.${shown}`, found);
  }
}

function parseStructure(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  const parsed = parseJsonText(value);
  return isObject(parsed) || Array.isArray(parsed) ? parsed : value;
}

function shortenChange(field: string, before: unknown, after: unknown): FieldChange {
  const beforeText = stringify(before);
  const afterText = stringify(after);
  const start = firstDifference(beforeText, afterText);
  return {
    field,
    ...(!isUnset(before) && { before: excerpt(before, beforeText, start) }),
    ...(!isUnset(after) && { after: excerpt(after, afterText, start) }),
  };
}

/** Objects and lists as JSON; any other value stays as it is. */
function stringify(value: unknown): unknown {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
}

function firstDifference(before: unknown, after: unknown): number {
  if (typeof before !== "string" || typeof after !== "string") return 0;
  let at = 0;
  while (at < before.length && before[at] === after[at]) at += 1;
  return Math.max(0, at - shownBefore);
}

function excerpt(value: unknown, text: unknown, start: number): unknown {
  if (typeof text !== "string" || text.length <= longestShown) return value;
  const end = start + longestShown;
  return `${start > 0 ? "…" : ""}${cut(text, start, end)}${end < text.length ? "…" : ""}`;
}
