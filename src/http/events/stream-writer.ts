/**
 * The one writer of a call's stream. It numbers events at once and writes them to the store in order, trying again
 * until the store has them. The connected client does not wait for the store.
 *
 * Events stay here for a while after the store has them. Redis may lose what it had accepted when it is restarted or
 * fails over, so when it is back a writer sends all that it still has as one entry, up to its newest number: where
 * nothing was lost Redis refuses the entry, since it has that number, and whoever reads skips what it has read.
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
  /**
   * What the store may have to be given, again or for the first time; the first `#stored` of them for the second time.
   */
  readonly #events: StoredEvent[] = [];
  #stored = 0;
  /** The client's request has its end. */
  #endRequested = false;
  /** The store has the end. */
  #endStored = false;
  #lost = false;
  #flushing = false;
  #rewriteRequested = false;

  constructor(parts: WriterParts, key: StreamKey, head: CallHead) {
    this.#parts = parts;
    this.key = key;
    this.head = head;
  }

  /** The stream in the store has no proper end, and will not get one from here. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Takes an event and says its number; never waits. */
  push(data: string): number {
    this.#seq += 1;
    this.#take({ seq: this.#seq, data });
    return this.#seq;
  }

  /** Ends the stream, with a last event where there is one. */
  end(data?: string): number {
    this.#endRequested = true;
    if (data !== undefined) return this.push(data);
    this.#take();
    return this.#seq;
  }

  /** Writes everything again: the store may have lost it. */
  async rewrite(): Promise<void> {
    if (this.#lost) return;
    this.#stored = 0;
    this.#endStored = false;
    this.#rewriteRequested = this.#flushing;
    await this.flush();
  }

  /** Writes what the store has not got. */
  async flush(): Promise<void> {
    if (this.#flushing) return;
    this.#flushing = true;
    try {
      while (!this.#endStored && !this.#lost && (this.#stored < this.#events.length || this.#endRequested)) {
        const last = this.#endRequested;
        const batch = this.#events.slice(this.#stored);
        const upTo = this.#seq;
        await this.#parts.store.append(this.key, this.head, batch, last);
        // Refused or not, the store has these now, or an end that another instance has written.
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

  /** Drops all events. A stream with events that the store has not got is lost. */
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
    // In the next turn of the event loop, so that the events of one turn are written as one entry.
    if (!this.#flushing) queueMicrotask(() => void this.flush());
  }
}

function sizeOf(events: readonly StoredEvent[]): number {
  return events.reduce((sum, { data }) => sum + data.length, 0);
}
