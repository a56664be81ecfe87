/** Collects the items of a walk without duplicates, which a repeated page or a change of the list would cause. */
import { isObject } from "../../../catalog/json.ts";

export class GatheredItems {
  readonly items: unknown[] = [];
  /** The number of duplicates. */
  repeated = 0;
  /** The length of the JSON of all pages. */
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

  /** Items without an id always count as new: two of them may be equal. */
  #isNew(item: unknown): boolean {
    if (!isObject(item) || item["id"] === undefined) return true;
    const text = JSON.stringify(item);
    if (this.#seen.has(text)) return false;
    this.#seen.add(text);
    return true;
  }
}
