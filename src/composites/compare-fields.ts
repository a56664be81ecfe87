/** What differs between two JSON values, field by field, short enough to read. */
import { isDeepStrictEqual } from "node:util";
import { isObject } from "../catalog/json.ts";
import { isUnset, parsedJson } from "./portkey-values.ts";

export interface FieldChange {
  /** Dotted path: `parameters.temperature`, `string[1].content`. */
  readonly field: string;
  /** Absent where the field was not set. */
  readonly before?: unknown;
  /** Absent where the field is not set any more. */
  readonly after?: unknown;
}

/** Longer texts are shown around the first place where they differ. */
const longestShown = 160;
const shownBefore = 40;

/** Every field that differs. Unset is unset, whether null, absent or empty; JSON text that holds a list or an object counts as what it holds. */
export function changesBetween(before: unknown, after: unknown, at = ""): FieldChange[] {
  const [from, to] = [asStructure(before), asStructure(after)];
  if (isDeepStrictEqual(from, to) || (isUnset(from) && isUnset(to))) return [];
  if (
    (isObject(from) || isUnset(from)) &&
    (isObject(to) || isUnset(to)) &&
    (at === "" || (isObject(from) && isObject(to)))
  ) {
    const [left, right] = [(from ?? {}) as Record<string, unknown>, (to ?? {}) as Record<string, unknown>];
    return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((name) =>
      changesBetween(left[name], right[name], at === "" ? name : `${at}.${name}`),
    );
  }
  if (Array.isArray(from) && Array.isArray(to) && from.length === to.length) {
    return from.flatMap((item, index) => changesBetween(item, to[index], `${at}[${index}]`));
  }
  return [shortenedChange(at, from, to)];
}

function asStructure(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  const parsed = parsedJson(value);
  return isObject(parsed) || Array.isArray(parsed) ? parsed : value;
}

function shortenedChange(field: string, before: unknown, after: unknown): FieldChange {
  const [left, right] = [before, after].map((value) =>
    typeof value === "object" && value !== null ? JSON.stringify(value) : value,
  );
  const start = firstDifference(left, right);
  return {
    field,
    ...(!isUnset(before) && { before: excerpt(before, left, start) }),
    ...(!isUnset(after) && { after: excerpt(after, right, start) }),
  };
}

function firstDifference(left: unknown, right: unknown): number {
  if (typeof left !== "string" || typeof right !== "string") return 0;
  let at = 0;
  while (at < left.length && left[at] === right[at]) at += 1;
  return Math.max(0, at - shownBefore);
}

function excerpt(value: unknown, text: unknown, start: number): unknown {
  if (typeof text !== "string" || text.length <= longestShown) return value;
  const end = start + longestShown;
  return `${start > 0 ? "…" : ""}${text.slice(start, end)}${end < text.length ? "…" : ""}`;
}
