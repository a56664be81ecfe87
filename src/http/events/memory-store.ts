/**
 * An event store in this process, not shared and gone with it.
 * It is limited in number, bytes and age of events, for each owner and in all. The oldest are dropped first, of
 * whichever stream.
 */
import type { EventStoreConfig } from "../../config/http-config.ts";
import { LAST_SEQ, type StreamKey } from "./event-id.ts";
import type { CallHead, EventStore, StoredEvent, StoredStream, Watch } from "./event-store.ts";
import { bytesOf, KeptLimits } from "./kept-limits.ts";
import { Watchers } from "./watchers.ts";

interface Stream {
  readonly head?: CallHead;
  readonly events: StoredEvent[];
  newest: number;
  ended: boolean;
  /** How many entries of the queue are this stream's; it is dropped with the last one. */
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

export function createMemoryStore(bounds: Bounds, now: () => number = Date.now): EventStore {
  return new MemoryStore(bounds, now);
}

class MemoryStore implements EventStore {
  readonly kind = "memory";
  readonly #ttlMs: number;
  readonly #now: () => number;
  readonly #streams = new Map<string, Stream>();
  readonly #watchers = new Watchers();
  readonly #queue: KeptLimits<Entry>;
  #dropped = 0;
  #tokens = 0;

  constructor({ maxEvents, maxBytes, ttlSeconds }: Bounds, now: () => number) {
    this.#ttlMs = ttlSeconds * 1000;
    this.#now = now;
    this.#queue = new KeptLimits<Entry>({ maxItems: maxEvents, maxBytes });
  }

  async open(key: StreamKey, head: CallHead): Promise<void> {
    this.#add(key, this.#streamOf(nameOf(key), head), undefined);
  }

  async append(key: StreamKey, head: CallHead, events: readonly StoredEvent[], last: boolean): Promise<boolean> {
    const name = nameOf(key);
    const stream = this.#streamOf(name, head);
    if (stream.ended) return false;
    const fresh = events.filter((event) => event.seq > stream.newest);
    for (const event of fresh) this.#add(key, stream, event);
    // An end without an event also gets an entry, so that the stream is kept for its time to live from now on.
    if (last && fresh.length === 0) this.#add(key, stream, undefined);
    stream.ended ||= last;
    this.#watchers.wake(name);
    return true;
  }

  async appendStandalone(key: StreamKey, data: string): Promise<void> {
    const name = nameOf(key);
    const stream = this.#streamOf(name);
    // From the clock, so that numbers are not used again after the stream was dropped in between.
    this.#add(key, stream, { seq: Math.max(stream.newest + 1, this.#now() * 1000), data });
    this.#watchers.wake(name);
  }

  async read(key: StreamKey, seq: number): Promise<StoredStream | undefined> {
    this.#dropExpired();
    const stream = this.#streams.get(nameOf(key));
    if (stream === undefined) return undefined;
    const { head, ended } = stream;
    return {
      events: stream.events.filter((event) => event.seq > seq),
      ended: ended || seq === LAST_SEQ,
      ...(head && { head }),
    };
  }

  async newestStandalone(key: StreamKey): Promise<number> {
    return this.#streams.get(nameOf(key))?.newest ?? 0;
  }

  watch(key: StreamKey, wake: () => void, superseded: () => void): Watch {
    const token = String((this.#tokens += 1));
    const { remove } = this.#watchers.add(nameOf(key), { token, wake, superseded });
    return { unwatch: () => void remove(), takeOver: () => this.#watchers.supersede(nameOf(key), token) };
  }

  stats(): Readonly<Record<string, number>> {
    return { stored_events: this.#queue.size, stored_bytes: this.#queue.bytes, dropped_events: this.#dropped };
  }

  #add(key: StreamKey, stream: Stream, event: StoredEvent | undefined): void {
    if (event !== undefined) {
      stream.events.push(event);
      stream.newest = event.seq;
    }
    stream.entries += 1;
    this.#queue.add({
      ...(key.owner !== undefined && { owner: key.owner }),
      name: nameOf(key),
      stream,
      bytes: bytesOf(event?.data),
      at: this.#now(),
      ...(event && { seq: event.seq }),
    });
    const next = () => this.#queue.excess(key.owner);
    for (let excess = next(); excess !== undefined; excess = next()) this.#drop(excess);
    this.#dropExpired();
  }

  #dropExpired(): void {
    const before = this.#now() - this.#ttlMs;
    const next = () => this.#queue.oldest;
    for (let oldest = next(); oldest !== undefined && oldest.at < before; oldest = next()) this.#drop(oldest);
  }

  #drop(entry: Entry): void {
    this.#queue.delete(entry);
    if (entry.seq !== undefined) {
      entry.stream.events.shift();
      this.#dropped += 1;
    }
    entry.stream.entries -= 1;
    if (entry.stream.entries === 0) this.#streams.delete(entry.name);
  }

  #streamOf(name: string, head?: CallHead): Stream {
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      stream = { ...(head && { head }), events: [], newest: 0, ended: false, entries: 0 };
      this.#streams.set(name, stream);
    }
    return stream;
  }
}

function nameOf({ scope, stream }: StreamKey): string {
  return `${scope} ${stream}`;
}
