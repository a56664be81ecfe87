/**
 * Counts what this instance has written to Redis by stream, and limits it for each owner and in all.
 * Each instance counts its own writes, since a count in Redis could be forged. Streams that are not counted any more
 * expire in Redis by themselves.
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
  /** Counts what is about to be written. Returns the keys to remove for it, never `key` itself. */
  add(key: string, owner: string | undefined, bytes: number): string[];
  stats(): Readonly<Record<string, number>>;
}

export function createWrittenStreams(
  ttlMs: number,
  maxBytes = Number.POSITIVE_INFINITY,
  now: () => number = Date.now,
): WrittenStreams {
  return new CountedStreams(ttlMs, maxBytes, now);
}

class CountedStreams implements WrittenStreams {
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

  /** Replaces a stream's entry by one with `bytes` more, which counts as the newest. */
  #grow(key: string, owner: string | undefined, bytes: number): WrittenStream {
    const before = this.#byKey.get(key);
    if (before !== undefined) this.#forget(before);
    const knownOwner = owner ?? before?.owner;
    const total = bytes + (before?.bytes ?? 0);
    const stream = { key, bytes: total, at: this.#now(), ...(knownOwner !== undefined && { owner: knownOwner }) };
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
