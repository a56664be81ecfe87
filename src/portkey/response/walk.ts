/**
 * Walks a list page by page, up to a limit. The items are held against the list's own total, and a page that brings
 * nothing new ends the walk.
 */
import type { Paging, ToolRecord } from "../../catalog/record.ts";
import { BOUNDS, bytesInWords } from "../../errors/bounds.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { shortfallOf, shortfallText, type Shortfall } from "./completeness.ts";
import { GatheredItems } from "./gathered-items.ts";
import { findList, nextCursor, ownHasMore, totalOf, withItems } from "./lists.ts";
import { firstPage, pageNumber, SMALLEST_DEFAULT_PAGE } from "./pages.ts";
import type { Answer, CallContext, Portkey, ReportProgress } from "../port.ts";

type Values = Readonly<Record<string, unknown>>;

export interface WalkLimits {
  readonly items: number;
  readonly pages: number;
}

export const WALK_LIMITS: WalkLimits = { items: 10_000, pages: 200 };

export interface Walk {
  /** The last page's answer with the items of all pages in it, and a warning where something may be missing. */
  readonly answer: Answer;
  readonly pages: number;
  /** The walk hit a limit: the arguments of the page it did not fetch. */
  readonly next?: Values;
  /** The list's own total is more than what came. */
  readonly shortfall?: Shortfall;
}

/** Where a walk stands after a page. */
interface Position {
  readonly requested: Values;
  readonly body: unknown;
  /** Items on this page, on the largest page so far, and in all. */
  readonly count: number;
  readonly largest: number;
  readonly walked: number;
  readonly pages: number;
}

/** Fetches page after page. The first request is exactly `values`; of the later ones only the page argument differs. */
export async function walkPages(
  fetchPage: (values: Values) => Promise<Answer>,
  paging: Paging,
  values: Values,
  limits: WalkLimits,
  progress?: ReportProgress,
): Promise<Walk> {
  const gathered = new GatheredItems();
  const warnings = new Set<string>();
  let requested = values;
  let largest = 0;
  for (let pages = 1; ; pages++) {
    const answer = await fetchPage(requested);
    for (const warning of answer.warnings) warnings.add(warning);
    const list = findList(answer.body);
    // Not even the first page is a list: nothing to walk.
    if (list === undefined && pages === 1) return { answer, pages };
    if (list === undefined) throw pageWithoutList(pages, gathered.items.length);
    const count = list.items.length;
    const isRepeated = gathered.add(list.items) === 0 && count > 0;
    const walked = gathered.items.length;
    largest = Math.max(largest, count);
    const many = pages === 1 ? "page" : "pages";
    progress?.(walked, totalOf(answer.body), `${walked} items from ${pages} ${many}`);

    const { json: _ofOnePage, ...facts } = answer;
    const done = (more: Pick<Walk, "next" | "shortfall">): Walk => ({
      answer: { ...facts, body: withItems(answer.body, list, gathered.items), warnings: [...warnings] },
      pages,
      ...more,
    });
    const position: Position = { requested, body: answer.body, count, largest, walked, pages };
    // The first page under its own number: this list counts from 1.
    const isFirstAgain = isRepeated && pages === 2 && paging.first === undefined && values[paging.page] === undefined;
    if (isRepeated && !isFirstAgain) {
      warnings.add(`the API answered the same page twice, so the walk ended after ${walked} items; there may be more`);
      return done(shortfallNoted(paging, values, position, warnings));
    }
    if (isFirstAgain) gathered.repeated = 0;
    const next = nextPageArguments(paging, values, position);
    if (next === undefined) {
      if (gathered.repeated > 0)
        warnings.add(
          `${gathered.repeated} items came twice and are given once: the list changed, or its pages overlap`,
        );
      return done(shortfallNoted(paging, values, position, warnings));
    }
    if (walked >= limits.items || pages >= limits.pages || gathered.characters >= BOUNDS.walkedPages) {
      warnings.add(
        `all_pages stops at ${limits.items} items, ${limits.pages} pages or ${bytesInWords(BOUNDS.walkedPages)}; ` +
          `there are more than these ${walked}: "next" goes on`,
      );
      return done({ next });
    }
    requested = next;
  }
}

function pageWithoutList(pages: number, walked: number): PortkeyMcpError {
  return new PortkeyMcpError(
    "UNREACHABLE",
    `Page ${pages} came without a list, after ${walked} items. ` + 'Call again without all_pages and follow "next".',
    { pages },
  );
}

/** The arguments of the next page; undefined when the list ends here. */
function nextPageArguments(paging: Paging, values: Values, position: Position): Values | undefined {
  const { requested, body, count, largest, walked, pages } = position;
  if (paging.style === "cursor") {
    const cursor = nextCursor(body);
    return cursor === undefined || cursor === requested[paging.page]
      ? undefined
      : { ...requested, [paging.page]: cursor };
  }
  if (count === 0) return undefined;
  const next = { ...requested, [paging.page]: pageNumber(paging, requested) + 1 };
  const hasMore = ownHasMore(body);
  if (hasMore !== undefined) return hasMore ? next : undefined;
  const total = totalOf(body);
  if (total !== undefined) return itemsBefore(paging, values, position) + walked < total ? next : undefined;
  // The size that was asked for may be above Portkey's cap: only a page that is smaller than another is the last one.
  const size = values[paging.size];
  const least = typeof size === "number" ? Math.min(size, SMALLEST_DEFAULT_PAGE) : SMALLEST_DEFAULT_PAGE;
  return count < (pages === 1 ? least : largest) ? undefined : next;
}

/** How many items stand before the page that the walk began with. */
function itemsBefore(paging: Paging, values: Values, { requested, walked }: Position): number {
  const from = pageNumber(paging, values);
  const size = values[paging.size];
  const perPage = typeof size === "number" ? size : walked / (pageNumber(paging, requested) - from + 1);
  return (from - firstPage(paging)) * perPage;
}

/** Fewer items than the list's own total says: with a warning of both numbers. */
function shortfallNoted(
  paging: Paging,
  values: Values,
  position: Position,
  warnings: Set<string>,
): Pick<Walk, "shortfall"> {
  const total = totalOf(position.body);
  const isWhole = paging.style === "cursor" || pageNumber(paging, values) === firstPage(paging);
  if (total === undefined || !isWhole || position.walked >= total) return {};
  const shortfall = { total, gathered: position.walked };
  warnings.add(shortfallText(shortfall));
  return { shortfall };
}

export interface AllItems {
  readonly items: readonly unknown[];
  /** The list's own total is more than what came. */
  readonly shortfall?: Shortfall;
  readonly warnings: readonly string[];
}

/**
 * Every item of a list tool, for composites. Throws BAD_INPUT where the tool's answer is no list, and PORTKEY where
 * there are more than `limit` items: part of a list must never pass for the whole.
 */
export async function fetchAllItems(
  portkey: Portkey,
  record: ToolRecord,
  args: Values,
  context: CallContext,
  limit = WALK_LIMITS.items,
): Promise<AllItems> {
  const fetchPage = (values: Values): Promise<Answer> => portkey.send(record, values, context);
  const limits = { items: limit, pages: Math.max(WALK_LIMITS.pages, limit) };
  const walk: Walk =
    record.paging === undefined
      ? { answer: await fetchPage(args), pages: 1 }
      : await walkPages(fetchPage, record.paging, args, limits, context.progress);
  const { answer } = walk;
  const list = findList(answer.body);
  if (list === undefined)
    throw new PortkeyMcpError("BAD_INPUT", `${record.name} did not answer with a list.`, { tool: record.name });
  if (walk.next !== undefined || list.items.length > limit) {
    throw new PortkeyMcpError(
      "PORTKEY",
      `${record.name} has more than ${limit} items or ${bytesInWords(BOUNDS.walkedPages)} of them, ` +
        "too many to look through: narrow it with its filters.",
      { tool: record.name, limit },
    );
  }
  const shortfall = walk.shortfall ?? shortfallOf(record, answer.body);
  return { items: [...list.items], ...(shortfall && { shortfall }), warnings: answer.warnings };
}
