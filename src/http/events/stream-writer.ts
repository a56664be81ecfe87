/**
 * The one writer of a call's stream. It numbers events at once, and writes them to the store in order until the store
 * has them. The connected client does not wait for the store.
 *
 * Events stay in memory for a while after the store has them, since Redis may lose accepted data when it restarts or
 * fails over. When it is back, the writer sends all events that it still has as one entry, up to its newest number.
 * Where nothing was lost, Redis refuses the entry, since it has that number. A reader skips events that it has read.
 */
import type { Log } from "../../log/log.ts";
import { RedisAway } from "../redis/link.ts";
import type { StreamKey } from "./event-id.ts";
import type { CallHead, EventStore, StoredEvent } from "./event-store.ts";
import type { WriteBuffer } from "./write-buffer.ts";

export interface WriterParts {
  readonly store: EventStore;
  readonly log: Log;
  readonly buffer: WriteBuffer;
}

export class StreamWriter {
  readonly key: StreamKey;
  readonly head: CallHead;
  readonly #parts: WriterParts;
  #seq = 0;
  /** The events that are held in memory, in order; the store has the first `#stored` of them. */
  readonly #events: StoredEvent[] = [];
  #stored = 0;
  /** Whether `end` was called. */
  #endRequested = false;
  /** Whether the store has the end. */
  #endStored = false;
  #lost = false;
  #flushing = false;
  #rewriteRequested = false;

  constructor(parts: WriterParts, key: StreamKey, head: CallHead) {
    this.#parts = parts;
    this.key = key;
    this.head = head;
  }

  /** Whether events were discarded before the store had them: this writer will not end the stream in the store. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Takes an event and returns its sequence number, without waiting for the store. */
  push(data: string): number {
    this.#seq += 1;
    this.#take({ seq: this.#seq, data });
    return this.#seq;
  }

  /** Ends the stream, with `data` as its last event where given. Returns the sequence number of the last event. */
  end(data?: string): number {
    this.#endRequested = true;
    if (data !== undefined) return this.push(data);
    this.#take();
    return this.#seq;
  }

  /** Writes again all events that are held, since the store may have lost them. */
  async rewrite(): Promise<void> {
    if (this.#lost) return;
    this.#stored = 0;
    this.#endStored = false;
    this.#rewriteRequested = this.#flushing;
    await this.flush();
  }

  /** Writes the events that the store does not have. */
  async flush(): Promise<void> {
    if (this.#flushing) return;
    this.#flushing = true;
    try {
      while (!this.#endStored && !this.#lost && (this.#stored < this.#events.length || this.#endRequested)) {
        const last = this.#endRequested;
        const batch = this.#events.slice(this.#stored);
        const upTo = this.#seq;
        await this.#parts.store.append(this.key, this.head, batch, last);
        // Accepted or refused, the store now has these events, or an end that another instance has written.
        if (this.#rewriteRequested) this.#rewriteRequested = false;
        else {
          this.#stored = this.#events.length - (this.#seq - upTo);
          this.#endStored = last;
        }
      }
      if (!this.#lost && this.#stored === this.#events.length && (this.#endStored || !this.#endRequested))
        this.#parts.buffer.markWritten(this, this.#endStored);
    } catch (error) {
      if (!(error instanceof RedisAway)) {
        this.#parts.log.write("error", "events could not be kept", { error: String(error) });
        this.discard();
      }
    } finally {
      this.#flushing = false;
    }
  }

  /** Drops the events that the store has. */
  evictStored(): void {
    const size = sizeOf(this.#events.splice(0, this.#stored));
    this.#stored = 0;
    this.#parts.buffer.release(this, size);
  }

  /** Drops all events. Where the store does not have some of them, the stream is lost. */
  discard(): void {
    this.#lost ||= this.#stored < this.#events.length || this.#endRequested !== this.#endStored;
    const size = sizeOf(this.#events.splice(0));
    this.#stored = 0;
    this.#parts.buffer.release(this, size);
    this.#parts.buffer.remove(this);
  }

  #take(event?: StoredEvent): void {
    if (this.#lost) return;
    if (event !== undefined) this.#events.push(event);
    this.#parts.buffer.add(this, event?.data.length ?? 0);
    // In a microtask, so that events that are pushed together are written as one entry.
    if (!this.#flushing) queueMicrotask(() => void this.flush());
  }
}

function sizeOf(events: readonly StoredEvent[]): number {
  return events.reduce((sum, { data }) => sum + data.length, 0);
}
