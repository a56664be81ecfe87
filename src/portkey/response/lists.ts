/**
 * Finds the list in an answer. Portkey wraps lists in half a dozen ways: `{data, total}`, `{models}`, `{workspaces}`,
 * `{mappings, total_count}`, `{records}`, `{servers, metadata: {nextCursor}}`, `{success, data}` or a bare array.
 */
import { isObject } from "../../catalog/json.ts";

/** Members that may hold a list's items, in order of precedence. */
const ITEM_MEMBERS = [
  "data",
  "records",
  "mappings",
  "models",
  "workspaces",
  "servers",
  "data_points",
  "items",
  "results",
  "capabilities",
];

/** Members beside the items that describe the whole list; `fields` keeps them. */
const ENVELOPE_MEMBERS = new Set([
  "total",
  "total_count",
  "count",
  "has_more",
  "next",
  "next_cursor",
  "nextCursor",
  "success",
  "object",
]);

export interface FoundList {
  /** The member that holds the items; empty when the answer is itself the array. */
  readonly member: string;
  readonly items: readonly unknown[];
}

/** The items of a list answer; undefined when the answer is no list. */
export function findList(body: unknown): FoundList | undefined {
  if (Array.isArray(body)) return { member: "", items: body };
  if (!isObject(body)) return undefined;
  for (const member of ITEM_MEMBERS) {
    const items = body[member];
    // An object with an id is a single resource that has such a member, as a workspace has users.
    if (Array.isArray(items) && !Object.hasOwn(body, "id")) return { member, items };
  }
  return undefined;
}

/** The same answer with other items in it. */
export function withItems(body: unknown, list: FoundList, items: readonly unknown[]): unknown {
  return list.member === "" ? items : { ...(body as Record<string, unknown>), [list.member]: items };
}

/** The number of items on all pages; undefined where the answer does not state it. */
export function statedTotal(body: unknown): number | undefined {
  if (!isObject(body)) return undefined;
  return wholeNumber(body["total"]) ?? wholeNumber(body["total_count"]);
}

/** As `statedTotal`, or else the `count`, which may be that of this page only and tells nothing of further pages. */
export function statedCount(body: unknown): number | undefined {
  return statedTotal(body) ?? (isObject(body) ? wholeNumber(body["count"]) : undefined);
}

/** A whole number, also one written as text. */
function wholeNumber(value: unknown): number | undefined {
  if (typeof value === "string" && /^\d+$/.test(value)) return Number(value);
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : undefined;
}

/** The answer's `has_more`, which may also be 0, 1 or text; undefined where it has none. */
export function statedHasMore(body: unknown): boolean | undefined {
  const value = isObject(body) ? body["has_more"] : undefined;
  if (value === true || value === 1 || value === "true") return true;
  return value === false || value === 0 || value === "false" ? false : undefined;
}

/** The cursor of the next page, for a list that is paged by cursor; undefined at its end. */
export function nextCursor(body: unknown): string | undefined {
  if (!isObject(body)) return undefined;
  for (const holder of [body["metadata"], body]) {
    if (!isObject(holder)) continue;
    const cursor = holder["nextCursor"] ?? holder["next_cursor"];
    if (typeof cursor === "string" && cursor !== "") return cursor;
  }
  return undefined;
}

/** Whether `fields` keeps a top member of a list answer that it does not name. */
export function isEnvelopeMember(name: string, member: unknown): boolean {
  return ENVELOPE_MEMBERS.has(name) && !isObject(member) && !Array.isArray(member);
}
