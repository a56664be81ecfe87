/** Where a page stands in its list, whether there is another, and the arguments that fetch it. */
import type { Paging } from "../../catalog/record.ts";
import { nextCursor, ownHasMore, totalOf, type FoundList } from "./lists.ts";

type Values = Readonly<Record<string, unknown>>;

/** Without a total or a size, a shorter list than any of Portkey's default pages is taken to be complete. */
export const SMALLEST_DEFAULT_PAGE = 10;

/** Sizes at which services cap a page: one of them, where more was asked for, may not be all there is. */
const USUAL_CAPS = new Set([20, 25, 50, 100, 200, 250, 500, 1000]);

export interface PageInfo {
  readonly hasMore: boolean;
  /** The arguments of the next page; absent when there is none. */
  readonly next?: Values;
  /** The index of the page's first item in the whole list; undefined where it cannot be known. */
  readonly start: number | undefined;
}

/** A page that came, and the arguments it was requested with. */
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
  const { size, sure } = sizeOf(paging, page, index);
  const total = totalOf(body);
  const start = index * size;
  const fullPage = sure ? size : SMALLEST_DEFAULT_PAGE;
  const guess = total === undefined ? count >= fullPage : start + count < total;
  const hasMore = ownHasMore(body) ?? (count > 0 && guess);
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

/** The first page's number; where it is not known, that of most lists. */
export function firstPage({ first = 0 }: Paging): number {
  return first;
}

/** How large the pages are: as asked for, else as large as this one. */
function sizeOf(paging: Paging, { values, body, list }: ReadPage, index: number): { size: number; sure: boolean } {
  const count = list.items.length;
  const asked = values[paging.size];
  if (typeof asked !== "number" || asked < 1) return { size: count, sure: false };
  const isFull = count === 0 || count >= asked;
  return { size: isFull || !isCapped(count, asked, index, totalOf(body)) ? asked : count, sure: true };
}

/**
 * Portkey caps the size: then a page that is not the last holds fewer items than were asked for, and the pages that
 * follow are counted by what it holds.
 */
function isCapped(count: number, asked: number, index: number, total: number | undefined): boolean {
  if (total === undefined) return USUAL_CAPS.has(count);
  const before = index * asked;
  return before >= total || before + count < total;
}

/** How to go on after only the first `kept` items of a page, which starts at `start`, fit the answer. */
export interface RemainingPages {
  /** Keep this many: at most `kept`, and where possible so many that the rest begins with a page of its own. */
  readonly kept: number;
  readonly next: Values;
}

/** The page arguments that begin with the first item left out, or a little before it where no page begins there. */
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
