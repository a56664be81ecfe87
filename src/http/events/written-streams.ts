/**
 * The streams that this instance has written to Redis, and how much: what one owner has written, and all of them, is
 * bounded. The count is this instance's own, since nobody else's can be trusted; what it forgets runs out by itself.
 */
import { KeptLimits } from "./kept-limits.ts";

interface WrittenStream {
  readonly key: string;
  readonly owner?: string;
  readonly bytes: number;
  /** When it was last written to. */
  readonly at: number;
}

export interface WrittenStreams {
  /** Counts what is about to be written; the keys that have to go for it, never this one. */
  add(key: string, owner: string | undefined, bytes: number): string[];
  stats(): Readonly<Record<string, number>>;
}

export function createWrittenStreams(
  ttlMs: number,
  maxBytes = Number.POSITIVE_INFINITY,
  now: () => number = Date.now,
): WrittenStreams {
  const book = new StreamBook(ttlMs, maxBytes, now);
  return { add: (key, owner, bytes) => book.add(key, owner, bytes), stats: () => book.stats() };
}

class StreamBook {
  readonly #ttlMs: number;
  readonly #now: () => number;
  readonly #streams: KeptLimits<WrittenStream>;
  readonly #byKey = new Map<string, WrittenStream>();
  #dropped = 0;

  constructor(ttlMs: number, maxBytes: number, now: () => number) {
    this.#ttlMs = ttlMs;
    this.#now = now;
    this.#streams = new KeptLimits({ maxItems: Number.POSITIVE_INFINITY, maxBytes });
  }

  add(key: string, owner: string | undefined, bytes: number): string[] {
    this.#forgetExpired();
    const stream = this.#grow(key, owner, bytes);
    const excess: string[] = [];
    const next = () => this.#streams.excess(stream.owner);
    for (let over = next(); over !== undefined && over !== stream; over = next()) {
      this.#forget(over);
      excess.push(over.key);
    }
    this.#dropped += excess.length;
    return excess;
  }

  stats(): Readonly<Record<string, number>> {
    return { stored_bytes: this.#streams.bytes, dropped_streams: this.#dropped };
  }

  /** The stream with so much more written to it. */
  #grow(key: string, owner: string | undefined, bytes: number): WrittenStream {
    const before = this.#byKey.get(key);
    if (before !== undefined) this.#forget(before);
    const whose = owner ?? before?.owner;
    const all = bytes + (before?.bytes ?? 0);
    const stream = { key, bytes: all, at: this.#now(), ...(whose !== undefined && { owner: whose }) };
    this.#streams.add(stream);
    this.#byKey.set(key, stream);
    return stream;
  }

  #forget(stream: WrittenStream): void {
    this.#streams.delete(stream);
    this.#byKey.delete(stream.key);
  }

  #forgetExpired(): void {
    const before = this.#now() - this.#ttlMs;
    const next = () => this.#streams.oldest;
    for (let oldest = next(); oldest !== undefined && oldest.at < before; oldest = next()) this.#forget(oldest);
  }
}
