/** Walks a list page by page, up to a limit. A page that repeats the one before ends the walk. */
import type { Paging, ToolRecord } from "../../catalog/record.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { findList, nextCursor, ownHasMore, totalOf, withItems } from "./lists.ts";
import { pageNumber, SMALLEST_DEFAULT_PAGE } from "./pages.ts";
import type { Answer, CallContext, Portkey, ReportProgress } from "../port.ts";

type Values = Readonly<Record<string, unknown>>;

export interface WalkLimits {
  readonly items: number;
  readonly pages: number;
}

export const WALK_LIMITS: WalkLimits = { items: 10_000, pages: 200 };

export interface Walk {
  /** The last page's answer with the items of all pages in it, and a warning where the walk ended early. */
  readonly answer: Answer;
  readonly pages: number;
  /** The walk hit a limit: the arguments of the page it did not fetch. */
  readonly next?: Values;
}

/** Fetches page after page. The first request is exactly `values`; of the later ones only the page argument differs. */
export async function walkPages(
  fetchPage: (values: Values) => Promise<Answer>,
  paging: Paging,
  values: Values,
  limits: WalkLimits,
  progress?: ReportProgress,
): Promise<Walk> {
  const items: unknown[] = [];
  const warnings = new Set<string>();
  let previous = "";
  let requested = values;
  for (let pages = 1; ; pages++) {
    const answer = await fetchPage(requested);
    for (const warning of answer.warnings) warnings.add(warning);
    const list = findList(answer.body);
    if (list === undefined) {
      // Not even the first page is a list: nothing to walk.
      if (pages === 1) return { answer, pages };
      throw new PortkeyMcpError(
        "UNREACHABLE",
        `Page ${pages} came without a list, after ${items.length} items. ` +
          'Call again without all_pages and follow "next".',
        { pages },
      );
    }
    const text = JSON.stringify(list.items);
    const repeated = list.items.length > 0 && text === previous;
    if (!repeated) for (const item of list.items) items.push(item);
    previous = text;
    progress?.(
      items.length,
      totalOf(answer.body),
      `${items.length} items from ${pages} ${pages === 1 ? "page" : "pages"}`,
    );
    const { json: _ofOnePage, ...facts } = answer;
    const done = (next?: Values): Walk => ({
      answer: { ...facts, body: withItems(answer.body, list, items), warnings: [...warnings] },
      pages,
      ...(next && { next }),
    });
    if (repeated) {
      warnings.add(
        `Portkey answered the same page twice, so the walk ended after ${items.length} items; there may be more`,
      );
      return done();
    }
    const next = nextPageArguments(paging, values, requested, answer.body, list.items.length, items.length);
    if (next === undefined) return done();
    if (items.length >= limits.items || pages >= limits.pages) {
      warnings.add(
        `all_pages stops at ${limits.items} items or ${limits.pages} pages; ` +
          `there are more than these ${items.length}: "next" goes on`,
      );
      return done(next);
    }
    requested = next;
  }
}

/** The arguments of the next page; undefined when the list ends here. `walked` items have been read so far. */
function nextPageArguments(
  paging: Paging,
  values: Values,
  requested: Values,
  body: unknown,
  count: number,
  walked: number,
): Values | undefined {
  if (paging.style === "cursor") {
    const cursor = nextCursor(body);
    return cursor === undefined || cursor === requested[paging.page]
      ? undefined
      : { ...requested, [paging.page]: cursor };
  }
  if (count === 0) return undefined;
  const from = pageNumber(paging, values);
  const page = pageNumber(paging, requested);
  const next = { ...requested, [paging.page]: page + 1 };
  const hasMore = ownHasMore(body);
  if (hasMore !== undefined) return hasMore ? next : undefined;
  const size = values[paging.size];
  const total = totalOf(body);
  if (total === undefined) return count < (typeof size === "number" ? size : SMALLEST_DEFAULT_PAGE) ? undefined : next;
  const before = (from - paging.first) * (typeof size === "number" ? size : walked / (page - from + 1));
  return before + walked < total ? next : undefined;
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
): Promise<unknown[]> {
  const fetchPage = (values: Values): Promise<Answer> => portkey.send(record, values, context);
  const limits = { items: limit, pages: Math.max(WALK_LIMITS.pages, limit) };
  const walk: Walk =
    record.paging === undefined
      ? { answer: await fetchPage(args), pages: 1 }
      : await walkPages(fetchPage, record.paging, args, limits, context.progress);
  const list = findList(walk.answer.body);
  if (list === undefined)
    throw new PortkeyMcpError("BAD_INPUT", `${record.name} did not answer with a list.`, { tool: record.name });
  if (walk.next !== undefined || list.items.length > limit) {
    throw new PortkeyMcpError(
      "PORTKEY",
      `${record.name} has more than ${limit} items, too many to look through: narrow it with its filters.`,
      { tool: record.name, limit },
    );
  }
  return [...list.items];
}
