/**
 * Limits for kept items, in number and bytes: for each owner and for all together. An owner that keeps too much loses
 * its own items first. The least recently added item goes first.
 */
export interface Kept {
  /** Whose share it counts towards; absent where it belongs to no owner. */
  readonly owner?: string;
  readonly bytes: number;
}

export interface KeptBounds {
  readonly maxItems: number;
  readonly maxBytes: number;
}

/** The part of the limits that one owner may use. */
const SHARE = 1 / 4;

interface Share<Item> {
  readonly items: Set<Item>;
  bytes: number;
}

export class KeptLimits<Item extends Kept> {
  readonly #bounds: KeptBounds;
  readonly #items = new Set<Item>();
  readonly #shares = new Map<string, Share<Item>>();
  #bytes = 0;

  constructor(bounds: KeptBounds) {
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#items.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The least recently added. */
  get oldest(): Item | undefined {
    return this.#items.values().next().value;
  }

  add(item: Item): void {
    this.#items.add(item);
    this.#bytes += item.bytes;
    if (item.owner === undefined) return;
    const share = this.#shares.get(item.owner) ?? { items: new Set<Item>(), bytes: 0 };
    this.#shares.set(item.owner, share);
    share.items.add(item);
    share.bytes += item.bytes;
  }

  delete(item: Item): boolean {
    if (!this.#items.delete(item)) return false;
    this.#bytes -= item.bytes;
    const share = item.owner === undefined ? undefined : this.#shares.get(item.owner);
    if (share === undefined) return true;
    share.items.delete(item);
    share.bytes -= item.bytes;
    if (share.items.size === 0) this.#shares.delete(item.owner as string);
    return true;
  }

  /** The item to remove after an item of `owner` was added; undefined where all is within the limits. */
  excess(owner: string | undefined): Item | undefined {
    const { maxItems, maxBytes } = this.#bounds;
    const own = owner === undefined ? undefined : this.#shares.get(owner);
    if (own !== undefined && (own.bytes > maxBytes * SHARE || own.items.size > Math.max(1, maxItems * SHARE)))
      return firstOf(own.items);
    if (this.#items.size <= maxItems && this.#bytes <= maxBytes) return undefined;
    return this.oldest;
  }
}

/** Characters of the longest text that fits one owner's share; longer ones are not kept. */
export function largestKept(maxBytes: number): number {
  return Math.min(MAX_KEPT, Math.floor((maxBytes * SHARE) / BYTES_PER_CHARACTER) - ITEM_BYTES);
}

const MAX_KEPT = 4 * 1024 * 1024;
/** At most, in a JavaScript string. */
const BYTES_PER_CHARACTER = 2;
/** About what an item takes besides its text. */
export const ITEM_BYTES = 200;

/** The size of an item that holds a text, at most. */
export function bytesOf(text: string | undefined): number {
  return ITEM_BYTES + BYTES_PER_CHARACTER * (text?.length ?? 0);
}

function firstOf<Value>(values: Set<Value>): Value | undefined {
  return values.values().next().value;
}
