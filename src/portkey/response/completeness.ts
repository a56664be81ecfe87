/** Holds a list against the total that its own answer gives: part of a list must never pass for the whole. */
import type { ToolRecord } from "../../catalog/record.ts";
import { findList, statedCount, totalOf } from "./lists.ts";
import type { PageInfo } from "./pages.ts";

/** How many items Portkey says there are, and how many came. */
export interface Shortfall {
  readonly total: number;
  readonly gathered: number;
}

/** The shortfall in words, both numbers in them. */
export function shortfallText({ total, gathered }: Shortfall): string {
  return `The API says that this list has ${total} items, and ${gathered} came: ${total - gathered} are missing here`;
}

/** What an answer lacks of a list that cannot be paged; undefined where it is whole, or no list. */
export function shortfallOf(record: Pick<ToolRecord, "method" | "paging">, body: unknown): Shortfall | undefined {
  if (record.method !== "GET" || record.paging !== undefined) return undefined;
  const list = findList(body);
  const total = list && statedCount(body);
  if (list === undefined || total === undefined || total <= list.items.length) return undefined;
  return { total, gathered: list.items.length };
}

/** What the last page lacks: no page follows, and items of the total are left. */
export function shortfallOfPage(body: unknown, { hasMore, start }: PageInfo): Shortfall | undefined {
  const total = totalOf(body);
  const list = findList(body);
  if (hasMore || start === undefined || total === undefined || list === undefined) return undefined;
  const gathered = start + list.items.length;
  return start < total && gathered < total ? { total, gathered } : undefined;
}
