/** Decides which page a walk fetches next, and where the list ends. */
import type { Paging } from "../../../catalog/record.ts";
import { nextCursor, statedHasMore, statedTotal } from "../lists.ts";
import { firstPage, pageNumber, SMALLEST_DEFAULT_PAGE } from "../pages.ts";

type Values = Readonly<Record<string, unknown>>;

/** The state of a walk after a page. */
export interface Position {
  readonly requested: Values;
  readonly body: unknown;
  /** Items on this page, on the largest page so far, and in all. */
  readonly count: number;
  readonly largest: number;
  readonly walked: number;
  readonly pages: number;
}

/** The arguments of the next page; undefined where the list ends here. `values` are those of the first page. */
export function nextPageArguments(paging: Paging, values: Values, position: Position): Values | undefined {
  const { requested, body, count } = position;
  if (paging.style === "cursor") {
    const cursor = nextCursor(body);
    const isNew = cursor !== undefined && cursor !== requested[paging.page];
    return isNew ? { ...requested, [paging.page]: cursor } : undefined;
  }
  if (count === 0) return undefined;
  const hasMore = statedHasMore(body) ?? hasMoreByCount(paging, values, position);
  return hasMore ? { ...requested, [paging.page]: pageNumber(paging, requested) + 1 } : undefined;
}

/** For an answer without `has_more`: decides by its total, else by how full the page is. */
function hasMoreByCount(paging: Paging, values: Values, position: Position): boolean {
  const { body, count, largest, walked, pages } = position;
  const total = statedTotal(body);
  if (total !== undefined) return itemsBefore(paging, values, position) + walked < total;
  // The requested size may be above Portkey's cap, so only a page smaller than another one must be the last.
  if (pages > 1) return count >= largest;
  const size = values[paging.size];
  return count >= (typeof size === "number" ? Math.min(size, SMALLEST_DEFAULT_PAGE) : SMALLEST_DEFAULT_PAGE);
}

/** The number of items before the page that the walk began with. */
function itemsBefore(paging: Paging, values: Values, { requested, walked }: Position): number {
  const from = pageNumber(paging, values);
  const size = values[paging.size];
  const perPage = typeof size === "number" ? size : walked / (pageNumber(paging, requested) - from + 1);
  return (from - firstPage(paging)) * perPage;
}
