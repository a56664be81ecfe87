/**
 * JSON that comes in pieces, while it is put together. Members are collected under whatever names the pieces have, so
 * nothing here has a prototype that a name could reach. What has come only once stays the JSON that it was: a list that
 * more can be merged into takes many times the memory of an empty one.
 */
import { isObject, type Json } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { inspectJson } from "../../errors/nesting.ts";
import { numberOf } from "../values/portkey-values.ts";

/** An object that pieces were merged into: its members are JSON, or parts again. */
export type Whole = Map<string, unknown>;

/** A list that pieces were merged into. */
class WholeList {
  readonly items: unknown[] = [];
  /** Where the first item of each `index` stands. */
  readonly #places = new Map<number, number>();

  /** Adds the items as they are, whatever indexes they have. */
  take(items: readonly unknown[]): void {
    for (const item of items) this.#push(item, indexOf(item));
  }

  /** Tool calls come in pieces that name their place by `index`; other lists come in pieces that follow each other. */
  merge(pieces: readonly unknown[], merged: MergedParts): void {
    for (const piece of pieces) {
      const index = indexOf(piece);
      const at = index === undefined ? undefined : this.#places.get(index);
      if (at === undefined) this.#push(merged.keep(piece), index);
      else this.items[at] = merged.merge(openedObject(this.items[at]), piece as Json);
    }
  }

  #push(item: unknown, index: number | undefined): void {
    if (index !== undefined && !this.#places.has(index)) this.#places.set(index, this.items.length);
    this.items.push(item);
  }
}

/** Text members that arrive piece by piece; every other member arrives whole. */
const PIECES = new Set(["content", "refusal", "reasoning", "reasoning_content", "arguments", "text", "thinking"]);

/** Merges pieces, and counts what it keeps of them. */
export class MergedParts {
  #values = 0;

  /** The value, counted. Throws UNREACHABLE where all that is kept is more than one answer may hold. */
  keep(value: unknown): unknown {
    const left = BOUNDS.completionValues - this.#values;
    this.#values += typeof value === "object" ? inspectJson(value, BOUNDS.depth, left).values : 1;
    if (this.#values > BOUNDS.completionValues)
      throw new PortkeyMcpError("UNREACHABLE", `It holds more than ${BOUNDS.completionValues} values.`);
    return value;
  }

  /** `whole` with the members of `piece` in it. */
  merge(whole: Whole, piece: Json): Whole {
    for (const [name, value] of Object.entries(piece)) {
      const before = whole.get(name);
      if (value === null || value === undefined) {
        if (!whole.has(name)) whole.set(name, this.keep(value));
      } else if (PIECES.has(name) && typeof value === "string" && typeof before === "string")
        whole.set(name, before + value);
      else whole.set(name, this.#merged(before, value));
    }
    return whole;
  }

  #merged(before: unknown, value: unknown): unknown {
    if (Array.isArray(value)) {
      const list = openedList(before);
      list.merge(value, this);
      return list;
    }
    if (isObject(value) && isWholeOrObject(before)) return this.merge(openedObject(before), value);
    // What replaces a number or a text takes its place.
    return before === undefined || typeof value === "object" ? this.keep(value) : value;
  }
}

/** A part as the JSON that it has become. */
export function jsonOf(part: unknown): unknown {
  if (part instanceof Map)
    return Object.fromEntries([...(part as Whole)].map(([name, member]) => [name, jsonOf(member)]));
  return part instanceof WholeList ? part.items.map(jsonOf) : part;
}

function indexOf(item: unknown): number | undefined {
  return isObject(item) ? numberOf(item["index"]) : undefined;
}

function isWholeOrObject(part: unknown): part is Whole | Json {
  return isObject(part) && !(part instanceof WholeList);
}

function openedObject(part: unknown): Whole {
  return part instanceof Map ? (part as Whole) : new Map(Object.entries(part as Json));
}

function openedList(part: unknown): WholeList {
  if (part instanceof WholeList) return part;
  const list = new WholeList();
  if (Array.isArray(part)) list.take(part);
  return list;
}
