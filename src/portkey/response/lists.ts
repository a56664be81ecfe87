/**
 * Finds the list in an answer. Portkey wraps lists in half a dozen ways: `{data, total}`, `{models}`, `{workspaces}`,
 * `{mappings, total_count}`, `{records}`, `{servers, metadata: {nextCursor}}`, `{success, data}` or a bare array.
 */
import { isObject } from "../../catalog/json.ts";

/** Members that hold a list's items, in the order they are looked for. */
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

/** Envelope members that say something about the list as a whole; `fields` keeps them. */
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
    // An object with an id is one resource that happens to have such a member, as a workspace has users.
    if (Array.isArray(items) && !Object.hasOwn(body, "id")) return { member, items };
  }
  return undefined;
}

/** The same answer with other items in it. */
export function withItems(body: unknown, list: FoundList, items: readonly unknown[]): unknown {
  return list.member === "" ? items : { ...(body as Record<string, unknown>), [list.member]: items };
}

/** How many items there are on all pages, where the answer says so. */
export function totalOf(body: unknown): number | undefined {
  if (!isObject(body)) return undefined;
  return wholeNumber(body["total"]) ?? wholeNumber(body["total_count"]);
}

/** The same, also where the answer calls it a count: that may be the page's, so it says nothing about further pages. */
export function statedCount(body: unknown): number | undefined {
  return totalOf(body) ?? (isObject(body) ? wholeNumber(body["count"]) : undefined);
}

/** Numbers may come as text. */
function wholeNumber(value: unknown): number | undefined {
  if (typeof value === "string" && /^\d+$/.test(value)) return Number(value);
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : undefined;
}

/** Portkey's own word on whether there are more pages; booleans may come as 1 or "false". */
export function ownHasMore(body: unknown): boolean | undefined {
  const word = isObject(body) ? body["has_more"] : undefined;
  if (word === true || word === 1 || word === "true") return true;
  return word === false || word === 0 || word === "false" ? false : undefined;
}

/** The cursor of the next page, of a list that is walked by cursor. */
export function nextCursor(body: unknown): string | undefined {
  if (!isObject(body)) return undefined;
  for (const holder of [body["metadata"], body]) {
    if (!isObject(holder)) continue;
    const cursor = holder["nextCursor"] ?? holder["next_cursor"];
    if (typeof cursor === "string" && cursor !== "") return cursor;
  }
  return undefined;
}

/** Whether `fields` keeps a top member of a list answer unasked. */
export function isEnvelopeMember(name: string, member: unknown): boolean {
  return ENVELOPE_MEMBERS.has(name) && !isObject(member) && !Array.isArray(member);
}
