/** The items of a walk, each once: a page that is repeated, or that moved while the list was read, adds none twice. */
import { isObject } from "../../../catalog/json.ts";

export class GatheredItems {
  readonly items: unknown[] = [];
  /** How many came again. */
  repeated = 0;
  /** How long the JSON of all pages is. */
  characters = 0;
  #seen = new Set<string>();
  #previousPage = "";

  /** Adds a page's items; returns how many of them are new. */
  add(page: readonly unknown[]): number {
    const text = JSON.stringify(page);
    this.characters += text.length;
    const isSamePage = text === this.#previousPage;
    this.#previousPage = text;
    if (isSamePage) {
      this.repeated += page.length;
      return 0;
    }
    const before = this.items.length;
    for (const item of page) {
      if (this.#isNew(item)) this.items.push(item);
      else this.repeated += 1;
    }
    return this.items.length - before;
  }

  /** Rows without an id may be equal and still be two. */
  #isNew(item: unknown): boolean {
    if (!isObject(item) || item["id"] === undefined) return true;
    const text = JSON.stringify(item);
    if (this.#seen.has(text)) return false;
    this.#seen.add(text);
    return true;
  }
}
