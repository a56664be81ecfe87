/**
 * Merges JSON that arrives in pieces. Objects are collected in Maps, so that a foreign name such as `__proto__` cannot
 * reach a prototype. A value that arrived only once stays plain JSON: a list prepared for merging takes many times the
 * memory of a plain one.
 */
import { isObject, type Json } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { inspectJson } from "../../errors/nesting.ts";
import { asNumber } from "../values/portkey-values.ts";

/** An object in merging; its members are plain JSON, or in merging too. */
export type Whole = Map<string, unknown>;

/** A list in merging. */
class WholeList {
  readonly items: unknown[] = [];
  /** The position of the first item with each `index`. */
  readonly #places = new Map<number, number>();

  /** Adds the items without merging any. */
  take(items: readonly unknown[]): void {
    for (const item of items) this.#push(item, readIndex(item));
  }

  /** Merges pieces with a known `index`, such as those of tool calls, into its item; appends all others. */
  merge(pieces: readonly unknown[], merged: MergedParts): void {
    for (const piece of pieces) {
      const index = readIndex(piece);
      const at = index === undefined ? undefined : this.#places.get(index);
      if (at === undefined) this.#push(merged.keep(piece), index);
      else this.items[at] = merged.merge(openObject(this.items[at]), piece as Json);
    }
  }

  #push(item: unknown, index: number | undefined): void {
    if (index !== undefined && !this.#places.has(index)) this.#places.set(index, this.items.length);
    this.items.push(item);
  }
}

/** Text members whose pieces are concatenated; every other text replaces the one before. */
const PIECES = new Set(["content", "refusal", "reasoning", "reasoning_content", "arguments", "text", "thinking"]);

/** Merges pieces, and counts the values that are kept. */
export class MergedParts {
  #values = 0;

  /** Counts the value and returns it. Throws UNREACHABLE over BOUNDS.completionValues. */
  keep(value: unknown): unknown {
    const left = BOUNDS.completionValues - this.#values;
    this.#values += typeof value === "object" ? inspectJson(value, BOUNDS.depth, left).values : 1;
    if (this.#values > BOUNDS.completionValues)
      throw new PortkeyMcpError("UNREACHABLE", `It holds more than ${BOUNDS.completionValues} values.`);
    return value;
  }

  /** Merges the members of `piece` into `whole`, and returns it. */
  merge(whole: Whole, piece: Json): Whole {
    for (const [name, value] of Object.entries(piece)) {
      const before = whole.get(name);
      if (value === null || value === undefined) {
        if (!whole.has(name)) whole.set(name, this.keep(value));
      } else if (PIECES.has(name) && typeof value === "string" && typeof before === "string")
        whole.set(name, before + value);
      else whole.set(name, this.#mergeValue(before, value));
    }
    return whole;
  }

  #mergeValue(before: unknown, value: unknown): unknown {
    if (Array.isArray(value)) {
      const list = openList(before);
      list.merge(value, this);
      return list;
    }
    if (isObject(value) && isWholeOrObject(before)) return this.merge(openObject(before), value);
    // A number or a text that replaces another one does not count again.
    return before === undefined || typeof value === "object" ? this.keep(value) : value;
  }
}

/** The plain JSON of a value in merging. */
export function toJson(part: unknown): unknown {
  if (part instanceof Map)
    return Object.fromEntries([...(part as Whole)].map(([name, member]) => [name, toJson(member)]));
  return part instanceof WholeList ? part.items.map(toJson) : part;
}

function readIndex(item: unknown): number | undefined {
  return isObject(item) ? asNumber(item["index"]) : undefined;
}

function isWholeOrObject(part: unknown): part is Whole | Json {
  return isObject(part) && !(part instanceof WholeList);
}

function openObject(part: unknown): Whole {
  return part instanceof Map ? (part as Whole) : new Map(Object.entries(part as Json));
}

function openList(part: unknown): WholeList {
  if (part instanceof WholeList) return part;
  const list = new WholeList();
  if (Array.isArray(part)) list.take(part);
  return list;
}
