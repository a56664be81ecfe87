/** Which page a walk asks for next, and whether the list ends where it stands. */
import type { Paging } from "../../../catalog/record.ts";
import { nextCursor, ownHasMore, totalOf } from "../lists.ts";
import { firstPage, pageNumber, SMALLEST_DEFAULT_PAGE } from "../pages.ts";

type Values = Readonly<Record<string, unknown>>;

/** Where a walk stands after a page. */
export interface Position {
  readonly requested: Values;
  readonly body: unknown;
  /** Items on this page, on the largest page so far, and in all. */
  readonly count: number;
  readonly largest: number;
  readonly walked: number;
  readonly pages: number;
}

/** The arguments of the next page; undefined when the list ends here. `values` began the walk. */
export function nextPageArguments(paging: Paging, values: Values, position: Position): Values | undefined {
  const { requested, body, count } = position;
  if (paging.style === "cursor") {
    const cursor = nextCursor(body);
    const isNew = cursor !== undefined && cursor !== requested[paging.page];
    return isNew ? { ...requested, [paging.page]: cursor } : undefined;
  }
  if (count === 0) return undefined;
  const hasMore = ownHasMore(body) ?? hasMoreByCount(paging, values, position);
  return hasMore ? { ...requested, [paging.page]: pageNumber(paging, requested) + 1 } : undefined;
}

/** Where the answer does not say it: by its total, else by how full the page is. */
function hasMoreByCount(paging: Paging, values: Values, position: Position): boolean {
  const { body, count, largest, walked, pages } = position;
  const total = totalOf(body);
  if (total !== undefined) return itemsBefore(paging, values, position) + walked < total;
  // The size that was asked for may be above Portkey's cap: only a page that is smaller than another is the last one.
  if (pages > 1) return count >= largest;
  const size = values[paging.size];
  return count >= (typeof size === "number" ? Math.min(size, SMALLEST_DEFAULT_PAGE) : SMALLEST_DEFAULT_PAGE);
}

/** How many items stand before the page that the walk began with. */
function itemsBefore(paging: Paging, values: Values, { requested, walked }: Position): number {
  const from = pageNumber(paging, values);
  const size = values[paging.size];
  const perPage = typeof size === "number" ? size : walked / (pageNumber(paging, requested) - from + 1);
  return (from - firstPage(paging)) * perPage;
}
