/**
 * Events in this process: bounded by number, bytes and age, for each owner and in all, the oldest dropped first,
 * whichever stream they are of. Ends with the process; nothing is shared.
 */
import type { EventStoreConfig } from "../../config/http-config.ts";
import { LAST_SEQ, type StreamKey } from "./event-id.ts";
import type { CallHead, EventStore, StoredStream, StoredEvent } from "./event-store.ts";
import { bytesOf, KeptLimits } from "./kept-limits.ts";
import { Watchers } from "./watchers.ts";

interface Stream {
  readonly head?: CallHead;
  readonly events: StoredEvent[];
  newest: number;
  ended: boolean;
  /** Entries of the queue that are this stream's; it is forgotten with the last one. */
  entries: number;
}

interface Entry {
  readonly owner?: string;
  readonly name: string;
  readonly stream: Stream;
  readonly bytes: number;
  readonly at: number;
  /** Absent for a stream's opening. */
  readonly seq?: number;
}

type Bounds = Pick<EventStoreConfig, "maxEvents" | "maxBytes" | "ttlSeconds">;

export function createMemoryStore(
  { maxEvents, maxBytes, ttlSeconds }: Bounds,
  now: () => number = Date.now,
): EventStore {
  const streams = new Map<string, Stream>();
  const watchers = new Watchers();
  const queue = new KeptLimits<Entry>({ maxItems: maxEvents, maxBytes });
  let dropped = 0;
  let tokens = 0;

  function add(key: StreamKey, stream: Stream, event: StoredEvent | undefined): void {
    if (event !== undefined) {
      stream.events.push(event);
      stream.newest = event.seq;
    }
    stream.entries += 1;
    queue.add({
      ...(key.owner !== undefined && { owner: key.owner }),
      name: nameOf(key),
      stream,
      bytes: bytesOf(event?.data),
      at: now(),
      ...(event && { seq: event.seq }),
    });
    for (let excess = queue.excess(key.owner); excess !== undefined; excess = queue.excess(key.owner)) drop(excess);
    dropExpired();
  }

  function dropExpired(): void {
    const before = now() - ttlSeconds * 1000;
    for (let { oldest } = queue; oldest !== undefined && oldest.at < before; { oldest } = queue) drop(oldest);
  }

  function drop(entry: Entry): void {
    queue.delete(entry);
    if (entry.seq !== undefined) {
      entry.stream.events.shift();
      dropped += 1;
    }
    entry.stream.entries -= 1;
    if (entry.stream.entries === 0) streams.delete(entry.name);
  }

  function streamOf(name: string, head?: CallHead): Stream {
    let stream = streams.get(name);
    if (stream === undefined) {
      stream = { ...(head && { head }), events: [], newest: 0, ended: false, entries: 0 };
      streams.set(name, stream);
    }
    return stream;
  }

  return {
    kind: "memory",
    async open(key, head) {
      add(key, streamOf(nameOf(key), head), undefined);
    },
    async append(key, head, events, last) {
      const name = nameOf(key);
      const stream = streamOf(name, head);
      if (stream.ended) return false;
      const fresh = events.filter((event) => event.seq > stream.newest);
      for (const event of fresh) add(key, stream, event);
      // An end without an event counts from now all the same.
      if (last && fresh.length === 0) add(key, stream, undefined);
      stream.ended ||= last;
      watchers.wake(name);
      return true;
    },
    async appendStandalone(key, data) {
      const name = nameOf(key);
      const stream = streamOf(name);
      // From the clock, so that numbers are not given out again when the stream was forgotten in between.
      add(key, stream, { seq: Math.max(stream.newest + 1, now() * 1000), data });
      watchers.wake(name);
    },
    async read(key, seq): Promise<StoredStream | undefined> {
      dropExpired();
      const stream = streams.get(nameOf(key));
      if (stream === undefined) return undefined;
      const { head, ended } = stream;
      return {
        events: stream.events.filter((event) => event.seq > seq),
        ended: ended || seq === LAST_SEQ,
        ...(head && { head }),
      };
    },
    async newestStandalone(key) {
      return streams.get(nameOf(key))?.newest ?? 0;
    },
    watch(key, wake, superseded) {
      const token = String((tokens += 1));
      const { remove } = watchers.add(nameOf(key), { token, wake, superseded });
      return { unwatch: () => void remove(), takeOver: () => watchers.supersede(nameOf(key), token) };
    },
    stats: () => ({ stored_events: queue.size, stored_bytes: queue.bytes, dropped_events: dropped }),
  };
}

function nameOf({ scope, stream }: StreamKey): string {
  return `${scope} ${stream}`;
}
