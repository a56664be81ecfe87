/**
 * Sends a stored stream to a client that reconnected: the events it missed, then new ones as they are written, each
 * once and in order, until the stream's end. It reads only the store, whichever instance writes.
 */
import { RedisAway } from "../redis/link.ts";
import { eventId, type StreamKey } from "./event-id.ts";
import type { CallHead, EventStore } from "./event-store.ts";

/** How long a writer may not hear of a follower that always has something to send. */
const TELL_MS = 10_000;

/** Where the events go. */
export interface FollowerStream {
  readonly open: boolean;
  /** Resolves when the client has read most of what was written, or has gone. */
  drained(): Promise<void>;
  event(data: string, id: string): void;
  end(): void;
  onClose(listener: () => void): void;
}

export interface FollowOptions {
  readonly store: EventStore;
  readonly key: StreamKey;
  /** The number of the last event that the client has. */
  readonly after: number;
  readonly stream: FollowerStream;
  /** How often it looks without being woken. */
  readonly pollMs: number;
  /**
   * Called on each such look while the stream has not ended, and now and then while there is much to send: tells its
   * writer that somebody follows, or ends it in the store where its writer is gone.
   */
  readonly onQuiet?: (head: CallHead | undefined) => Promise<void>;
}

/** Resolves when the stream has ended, was taken over by another connection, or its client has gone. */
export async function follow({ store, key, after, stream, pollMs, onQuiet }: FollowOptions): Promise<void> {
  let sent = after;
  let woken = true;
  let stopped = false;
  let wake: () => void = () => undefined;
  const notify = (): void => {
    woken = true;
    wake();
  };
  const stop = (): void => {
    stopped = true;
    notify();
  };
  let head: CallHead | undefined;
  let told = Date.now();
  const watch = store.watch(key, notify, stop);
  stream.onClose(stop);
  watch.takeOver();
  try {
    while (!stopped && stream.open) {
      woken = false;
      const kept = await store.read(key, sent).catch(ignoreUnavailable);
      if (stopped) break;
      head = kept?.head ?? head;
      for (const { seq, data } of kept?.events ?? []) {
        await stream.drained();
        if (stopped || !stream.open) break;
        stream.event(data, eventId(key, seq));
        sent = seq;
      }
      if (stopped || !stream.open) break;
      if (kept?.ended === true) break;
      if (Date.now() - told >= TELL_MS) {
        told = Date.now();
        await onQuiet?.(head).catch(ignoreUnavailable);
      }
      // A read is bounded, so after a full one there may be more.
      if (woken || (kept?.events.length ?? 0) > 0) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      if (woken) continue;
      told = Date.now();
      await onQuiet?.(head).catch(ignoreUnavailable);
    }
  } finally {
    watch.unwatch();
    stream.end();
  }
}

/** While Redis is away a follower waits for it. */
function ignoreUnavailable(error: unknown): undefined {
  if (error instanceof RedisAway) return undefined;
  throw error;
}
