/**
 * Limits the events that all writers of an instance hold in memory together.
 * Over the limit, events that the store has are dropped first, then others: of the owner that holds most, the oldest
 * first. The events of a stream are also dropped some time after the store has its end.
 */
import type { StreamKey } from "./event-id.ts";

export interface BufferLimits {
  /** Characters of all events together. */
  readonly maxSize: number;
  /** How long events are held after the stream has ended in the store; 0 where the store cannot lose them. */
  readonly keepMs: number;
}

/** What the buffer needs of a stream's writer. */
export interface BufferedWriter {
  readonly key: StreamKey;
  /** Whether events were discarded before the store had them. */
  readonly lost: boolean;
  /** Drops the events that the store has. */
  evictStored(): void;
  /** Drops all events. */
  discard(): void;
  flush(): Promise<void>;
  rewrite(): Promise<void>;
}

export class WriteBuffer {
  readonly #limits: BufferLimits;
  readonly #now: () => number;
  /** Oldest first. */
  readonly #writers = new Map<string, BufferedWriter>();
  readonly #unwritten = new Set<string>();
  /** When each stream ended in the store, in milliseconds; oldest first. */
  readonly #ended = new Map<string, number>();
  readonly #sizes = new Map<string, number>();
  #size = 0;
  #lost = 0;

  constructor(limits: BufferLimits, now: () => number = Date.now) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Whether a stream has events, or an end, that the store does not have. */
  hasUnwritten(stream: string): boolean {
    return this.#unwritten.has(stream);
  }

  add(writer: BufferedWriter, size: number): void {
    const { stream } = writer.key;
    this.#writers.set(stream, writer);
    this.#unwritten.add(stream);
    this.#ended.delete(stream);
    this.#resize(writer, size);
    for (const oldest of this.#overLimit()) oldest.evictStored();
    for (const oldest of this.#overLimit()) oldest.discard();
  }

  release(writer: BufferedWriter, size: number): void {
    this.#resize(writer, -size);
  }

  markWritten(writer: BufferedWriter, ended: boolean): void {
    const { stream } = writer.key;
    this.#unwritten.delete(stream);
    if (this.#limits.keepMs === 0) writer.discard();
    else if (ended) this.#ended.set(stream, this.#now());
  }

  remove(writer: BufferedWriter): void {
    const { stream } = writer.key;
    if (writer.lost) this.#lost += 1;
    this.#writers.delete(stream);
    this.#unwritten.delete(stream);
    this.#ended.delete(stream);
  }

  /** Drops the events of streams that ended `keepMs` ago. */
  sweep(): void {
    for (const [stream, at] of this.#ended) {
      if (this.#now() - at < this.#limits.keepMs) break;
      this.#writers.get(stream)?.discard();
    }
  }

  /** Lets all writers write again what they hold, since the store may have lost it. */
  async rewrite(): Promise<void> {
    await Promise.all([...this.#writers.values()].map((writer) => writer.rewrite()));
  }

  async flush(): Promise<void> {
    await Promise.all([...this.#unwritten].map((stream) => this.#writers.get(stream)?.flush()));
  }

  stats(): Readonly<Record<string, number>> {
    return {
      held_streams: this.#writers.size,
      held_characters: this.#size,
      unwritten_streams: this.#unwritten.size,
      lost_streams: this.#lost,
    };
  }

  #resize({ key }: BufferedWriter, by: number): void {
    const owner = key.owner ?? "";
    const size = (this.#sizes.get(owner) ?? 0) + by;
    if (size === 0) this.#sizes.delete(owner);
    else this.#sizes.set(owner, size);
    this.#size += by;
  }

  /** Writers of the owner that holds most, then of the others, oldest first, until the buffer is within its limit. */
  *#overLimit(): Generator<BufferedWriter> {
    if (this.#size <= this.#limits.maxSize) return;
    const owners = [...this.#sizes].sort(([, one], [, other]) => other - one).map(([owner]) => owner);
    for (const owner of owners) {
      for (const writer of [...this.#writers.values()]) {
        if (this.#size <= this.#limits.maxSize) return;
        if ((writer.key.owner ?? "") === owner) yield writer;
      }
    }
  }
}
