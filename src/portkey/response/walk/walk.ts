/**
 * Walks a list page by page, up to a limit. A page without new items ends the walk, and the number of items is compared
 * with the list's total.
 */
import type { Paging } from "../../../catalog/record.ts";
import { BOUNDS, bytesInWords } from "../../../errors/bounds.ts";
import { PortkeyMcpError } from "../../../errors/errors.ts";
import type { Answer, ReportProgress } from "../../port.ts";
import { shortfallText, type Shortfall } from "../completeness.ts";
import { GatheredItems } from "./gathered-items.ts";
import { findList, statedTotal, withItems, type FoundList } from "../lists.ts";
import { nextPageArguments, type Position } from "./next-page.ts";
import { firstPage, pageNumber } from "../pages.ts";

type Values = Readonly<Record<string, unknown>>;

export interface WalkLimits {
  readonly items: number;
  readonly pages: number;
}

export const WALK_LIMITS: WalkLimits = { items: 10_000, pages: 200 };

/** The list to walk. */
export interface WalkedList {
  readonly paging: Paging;
  /** The arguments of the first request; later ones differ only in the page argument. */
  readonly values: Values;
  readonly fetchPage: (values: Values) => Promise<Answer>;
  readonly limits: WalkLimits;
  readonly progress?: ReportProgress | undefined;
}

export interface Walk {
  /** The last page's answer with the items of all pages, and a warning where some may be missing. */
  readonly answer: Answer;
  readonly pages: number;
  /** Present where the walk reached a limit: the arguments of the next page. */
  readonly next?: Values;
  /** Present where the list's total is more than the items received. */
  readonly shortfall?: Shortfall;
}

/** Fetches the pages one after another. Throws UNREACHABLE where a page after the first is no list. */
export async function walkPages(walked: WalkedList): Promise<Walk> {
  const pages = new WalkedPages(walked);
  let requested = walked.values;
  for (;;) {
    const answer = await walked.fetchPage(requested);
    const list = findList(answer.body);
    // Where the first answer is no list, it is the result.
    if (list === undefined && pages.count === 0) return { answer, pages: 1 };
    if (list === undefined) throw pageWithoutList(pages.count + 1, pages.items);
    const step = pages.add({ requested, answer, list });
    if ("walk" in step) return step.walk;
    requested = step.next;
  }
}

interface FetchedPage {
  readonly requested: Values;
  readonly answer: Answer;
  readonly list: FoundList;
}

/** The result of adding a page: the arguments of the next one, or the finished walk. */
type Step = { readonly next: Values } | { readonly walk: Walk };

class WalkedPages {
  count = 0;
  readonly #walked: WalkedList;
  readonly #gathered = new GatheredItems();
  readonly #warnings = new Set<string>();
  #largest = 0;

  constructor(walked: WalkedList) {
    this.#walked = walked;
  }

  get items(): number {
    return this.#gathered.items.length;
  }

  add(page: FetchedPage): Step {
    const { paging, values } = this.#walked;
    const isRepeated = this.#gather(page);
    const position = this.#position(page);
    if (isRepeated && !this.#isFirstAgain()) {
      this.#warnings.add(
        `the API answered the same page twice, so the walk ended after ${this.items} items; there may be more`,
      );
      return this.#endOfList(page, position);
    }
    if (isRepeated) this.#gathered.repeated = 0;
    const next = nextPageArguments(paging, values, position);
    if (next === undefined) {
      this.#warnOfOverlap();
      return this.#endOfList(page, position);
    }
    return this.#isAtLimit() ? this.#endAtLimit(page, next) : { next };
  }

  /** Collects a page's items; returns whether the page has items and none is new. */
  #gather({ answer, list }: FetchedPage): boolean {
    this.count += 1;
    this.#largest = Math.max(this.#largest, list.items.length);
    for (const warning of answer.warnings) this.#warnings.add(warning);
    const isRepeated = this.#gathered.add(list.items) === 0 && list.items.length > 0;
    const many = this.count === 1 ? "page" : "pages";
    this.#walked.progress?.(this.items, statedTotal(answer.body), `${this.items} items from ${this.count} ${many}`);
    return isRepeated;
  }

  #position({ requested, answer, list }: FetchedPage): Position {
    return {
      requested,
      body: answer.body,
      count: list.items.length,
      largest: this.#largest,
      walked: this.items,
      pages: this.count,
    };
  }

  /**
   * Whether a repeated page is the first one, fetched again by its number: the walk assumed that pages count from 0,
   * and this list counts from 1.
   */
  #isFirstAgain(): boolean {
    const { paging, values } = this.#walked;
    return this.count === 2 && paging.first === undefined && values[paging.page] === undefined;
  }

  #warnOfOverlap(): void {
    const { repeated } = this.#gathered;
    if (repeated === 0) return;
    this.#warnings.add(`${repeated} items came twice and are given once: the list changed, or its pages overlap`);
  }

  #isAtLimit(): boolean {
    const { items, pages } = this.#walked.limits;
    return this.items >= items || this.count >= pages || this.#gathered.characters >= BOUNDS.walkedPages;
  }

  #endAtLimit(page: FetchedPage, next: Values): Step {
    const { items, pages } = this.#walked.limits;
    this.#warnings.add(
      `all_pages stops at ${items} items, ${pages} pages or ${bytesInWords(BOUNDS.walkedPages)}; ` +
        `there are more than these ${this.items}: "next" goes on`,
    );
    return { walk: { ...this.#whole(page), next } };
  }

  /** Ends the walk; with a warning where there are fewer items than the list's total. */
  #endOfList(page: FetchedPage, { body, walked }: Position): Step {
    const { paging, values } = this.#walked;
    const total = statedTotal(body);
    const isWhole = paging.style === "cursor" || pageNumber(paging, values) === firstPage(paging);
    if (total === undefined || !isWhole || walked >= total) return { walk: this.#whole(page) };
    const shortfall = { total, gathered: walked };
    this.#warnings.add(shortfallText(shortfall));
    return { walk: { ...this.#whole(page), shortfall } };
  }

  #whole({ answer, list }: FetchedPage): Walk {
    const { json: _ofOnePage, ...facts } = answer;
    const body = withItems(answer.body, list, this.#gathered.items);
    return { answer: { ...facts, body, warnings: [...this.#warnings] }, pages: this.count };
  }
}

function pageWithoutList(pages: number, walked: number): PortkeyMcpError {
  return new PortkeyMcpError(
    "UNREACHABLE",
    `Page ${pages} came without a list, after ${walked} items. ` + 'Call again without all_pages and follow "next".',
    { pages },
  );
}
