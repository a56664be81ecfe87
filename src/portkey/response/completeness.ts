/** Compares a list with the total in its answer, so that a partial list is never presented as complete. */
import type { ToolRecord } from "../../catalog/record.ts";
import { findList, statedCount, statedTotal } from "./lists.ts";
import type { PageInfo } from "./pages.ts";

/** A list that is incomplete: the total that Portkey states, and the number of items received. */
export interface Shortfall {
  readonly total: number;
  readonly gathered: number;
}

/** A sentence about the shortfall, with both numbers. */
export function shortfallText({ total, gathered }: Shortfall): string {
  return `The API says that this list has ${total} items, and ${gathered} came: ${total - gathered} are missing here`;
}

/** The shortfall of a list that is not paged; undefined where it is complete, or no list. */
export function findShortfall(record: Pick<ToolRecord, "method" | "paging">, body: unknown): Shortfall | undefined {
  if (record.method !== "GET" || record.paging !== undefined) return undefined;
  const list = findList(body);
  const total = list && statedCount(body);
  if (list === undefined || total === undefined || total <= list.items.length) return undefined;
  return { total, gathered: list.items.length };
}

/** The shortfall at the last page: no page follows, and fewer items than the total were received. */
export function findLastPageShortfall(body: unknown, { hasMore, start }: PageInfo): Shortfall | undefined {
  const total = statedTotal(body);
  const list = findList(body);
  if (hasMore || start === undefined || total === undefined || list === undefined) return undefined;
  const gathered = start + list.items.length;
  return start < total && gathered < total ? { total, gathered } : undefined;
}
