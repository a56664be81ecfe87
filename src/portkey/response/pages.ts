/** Finds a page's position in its list, whether there is a next page, and the arguments that fetch it. */
import type { Paging } from "../../catalog/record.ts";
import { nextCursor, statedHasMore, statedTotal, type FoundList } from "./lists.ts";

type Values = Readonly<Record<string, unknown>>;

/** The smallest of Portkey's default page sizes. Without a total or a size, a shorter list counts as complete. */
export const SMALLEST_DEFAULT_PAGE = 10;

/** Usual caps of page sizes. A page of exactly such a size, where more was asked for, may not be the last. */
const USUAL_CAPS = new Set([20, 25, 50, 100, 200, 250, 500, 1000]);

export interface PageInfo {
  readonly hasMore: boolean;
  /** The arguments of the next page; absent when there is none. */
  readonly next?: Values;
  /** The index of the page's first item in the whole list; undefined where it cannot be known. */
  readonly start: number | undefined;
}

/** A received page, and the arguments it was requested with. */
export interface ReadPage {
  readonly values: Values;
  readonly body: unknown;
  readonly list: FoundList;
}

/** Reads a page. `next` is made from `args`, a superset of its arguments. */
export function pageInfo(paging: Paging, page: ReadPage, args: Values = page.values): PageInfo {
  const { values, body, list } = page;
  if (paging.style === "cursor") {
    const cursor = nextCursor(body);
    return cursor === undefined
      ? { hasMore: false, start: undefined }
      : { hasMore: true, next: { ...args, [paging.page]: cursor }, start: undefined };
  }
  const count = list.items.length;
  const index = pageNumber(paging, values) - firstPage(paging);
  const { size, sure } = pageSize(paging, page, index);
  const total = statedTotal(body);
  const start = index * size;
  const fullPage = sure ? size : SMALLEST_DEFAULT_PAGE;
  const guess = total === undefined ? count >= fullPage : start + count < total;
  const hasMore = statedHasMore(body) ?? (count > 0 && guess);
  const isStartKnown = sure || index === 0;
  const next = {
    ...args,
    [paging.page]: index + firstPage(paging) + 1,
    ...(isStartKnown && size > 0 && { [paging.size]: size }),
  };
  return { hasMore, ...(hasMore && { next }), start: isStartKnown ? start : undefined };
}

/** The page that `values` ask for. */
export function pageNumber(paging: Paging, values: Values): number {
  const page = values[paging.page];
  return typeof page === "number" && Number.isInteger(page) ? page : firstPage(paging);
}

/** The first page's number; 0 where it is not known, as for most lists. */
export function firstPage({ first = 0 }: Paging): number {
  return first;
}

/** The size of the list's pages: the requested one, else that of this page. `sure`: a size was requested. */
function pageSize(paging: Paging, { values, body, list }: ReadPage, index: number): { size: number; sure: boolean } {
  const count = list.items.length;
  const asked = values[paging.size];
  if (typeof asked !== "number" || asked < 1) return { size: count, sure: false };
  const isFull = count === 0 || count >= asked;
  return { size: isFull || !isCapped(count, asked, index, statedTotal(body)) ? asked : count, sure: true };
}

/**
 * Whether Portkey capped the requested size: a page that is not the last has fewer items than requested.
 * The number of the next page is then counted by the capped size.
 */
function isCapped(count: number, asked: number, index: number, total: number | undefined): boolean {
  if (total === undefined) return USUAL_CAPS.has(count);
  const before = index * asked;
  return before >= total || before + count < total;
}

/** How to continue where only the first items of a page fit the answer. */
export interface RemainingPages {
  /** How many items to keep: no more than fit, and if possible so many that a page of that size follows. */
  readonly kept: number;
  readonly next: Values;
}

/**
 * The arguments of a page that begins with the first item left out, or shortly before it where no page begins there.
 * `start` is the index of the page's first item in the list, `kept` how many items fit.
 */
export function remainingPages(paging: Paging, args: Values, start: number, kept: number): RemainingPages {
  for (let size = kept; size >= Math.max(1, kept / 2); size--) {
    if (start % size === 0)
      return {
        kept: size,
        next: { ...args, [paging.page]: firstPage(paging) + start / size + 1, [paging.size]: size },
      };
  }
  return {
    kept,
    next: { ...args, [paging.page]: firstPage(paging) + Math.floor((start + kept) / kept), [paging.size]: kept },
  };
}
