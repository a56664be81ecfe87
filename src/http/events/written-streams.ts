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
  const streams = new KeptLimits<WrittenStream>({ maxItems: Number.POSITIVE_INFINITY, maxBytes });
  const byKey = new Map<string, WrittenStream>();
  let dropped = 0;

  function forget(stream: WrittenStream): void {
    streams.delete(stream);
    byKey.delete(stream.key);
  }

  function forgetExpired(): void {
    const before = now() - ttlMs;
    for (let { oldest } = streams; oldest !== undefined && oldest.at < before; { oldest } = streams) forget(oldest);
  }

  return {
    add(key, owner, bytes) {
      forgetExpired();
      const before = byKey.get(key);
      if (before !== undefined) forget(before);
      const whose = owner ?? before?.owner;
      const stream = {
        key,
        bytes: bytes + (before?.bytes ?? 0),
        at: now(),
        ...(whose !== undefined && { owner: whose }),
      };
      streams.add(stream);
      byKey.set(key, stream);
      const excess: string[] = [];
      for (let next = streams.excess(whose); next !== undefined && next !== stream; next = streams.excess(whose)) {
        forget(next);
        excess.push(next.key);
      }
      dropped += excess.length;
      return excess;
    },
    stats: () => ({ stored_bytes: streams.bytes, dropped_streams: dropped }),
  };
}
