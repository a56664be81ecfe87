/**
 * The one writer of a call's stream: numbers its events at once, and brings them to the store in order, as often as it
 * takes. The client on the line does not wait for the store; while Redis is away events wait here, within bounds.
 */
import type { Log } from "../../log/log.ts";
import { RedisAway } from "../redis/link.ts";
import { LAST_SEQ, type StreamKey } from "./event-id.ts";
import type { CallHead, EventStore, StoredEvent } from "./event-store.ts";

/** What all writers of an instance share. */
export interface WriterRoom {
  readonly store: EventStore;
  readonly log: Log;
  /** Characters that may wait for the store in all streams together; beyond it the oldest stream is given up. */
  readonly maxWaiting: number;
  /** Streams whose events are not all in the store yet, oldest first. */
  readonly unwritten: Map<string, StreamWriter>;
  waiting: number;
  dropped: number;
}

export function createWriterRoom(store: EventStore, log: Log, maxWaiting: number): WriterRoom {
  return { store, log, maxWaiting, unwritten: new Map(), waiting: 0, dropped: 0 };
}

export class StreamWriter {
  readonly key: StreamKey;
  readonly head: CallHead;
  readonly #room: WriterRoom;
  #seq = 0;
  #waiting: StoredEvent[] = [];
  #ended = false;
  #last = false;
  #flushing = false;
  #lost = false;

  constructor(room: WriterRoom, key: StreamKey, head: CallHead) {
    this.#room = room;
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
    this.#last = true;
    if (data !== undefined) return this.push(data);
    this.#take();
    return this.#seq;
  }

  #take(event?: StoredEvent): void {
    if (this.#ended) return;
    const room = this.#room;
    if (event !== undefined) {
      this.#waiting.push(event);
      room.waiting += event.data.length;
    }
    room.unwritten.set(this.key.stream, this);
    for (const [, oldest] of room.unwritten) {
      if (room.waiting <= room.maxWaiting) break;
      oldest.#giveUp();
    }
    // In the next turn, so that what is said in one turn goes out as one entry.
    if (!this.#flushing) queueMicrotask(() => void this.flush());
  }

  /** Writes what waits. Called again when the store is back. */
  async flush(): Promise<void> {
    if (this.#flushing) return;
    this.#flushing = true;
    try {
      while (!this.#ended && (this.#waiting.length > 0 || this.#last)) {
        const batch = this.#waiting.slice();
        const last = this.#last;
        const taken = await this.#room.store.append(this.key, this.head, batch, last);
        this.#forget(batch.length);
        // Refused without being the last: somebody else has ended the stream, or the same batch had come through before.
        if (last || !taken) this.#ended = last || (await this.#isOver());
      }
      if (this.#waiting.length === 0 || this.#ended) this.#done();
    } catch (error) {
      if (!(error instanceof RedisAway)) {
        this.#room.log.write("error", "events could not be kept", { error: String(error) });
        this.#giveUp();
      }
    } finally {
      this.#flushing = false;
    }
  }

  async #isOver(): Promise<boolean> {
    return (await this.#room.store.read(this.key, LAST_SEQ - 1))?.ended ?? false;
  }

  #forget(count: number): void {
    for (const { data } of this.#waiting.splice(0, count)) this.#room.waiting -= data.length;
  }

  #done(): void {
    this.#forget(this.#waiting.length);
    this.#room.unwritten.delete(this.key.stream);
  }

  /** Drops what waits: whoever resumes the stream is told that the outcome is unknown. */
  #giveUp(): void {
    this.#room.dropped += this.#waiting.length;
    this.#ended = true;
    this.#lost = true;
    this.#done();
  }
}
