/**
 * The events that the writers of an instance hold in memory, bounded together. Over the limit, events that the store
 * has are evicted before those it has not: of the owner that holds most, the oldest first. A stream that has ended in
 * the store is evicted after a while.
 */
import type { StreamKey } from "./event-id.ts";

export interface BufferLimits {
  /** Characters of all events together. */
  readonly maxSize: number;
  /** How long events stay that the store has; 0 where it cannot lose them. */
  readonly keepMs: number;
}

/** What the buffer asks of a stream's writer. */
export interface BufferedWriter {
  readonly key: StreamKey;
  /** Whether events were discarded before the store had them. */
  readonly lost: boolean;
  /** Lets go of the events that the store has. */
  evictStored(): void;
  /** Lets go of all events. */
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
  /** When the store got the end of each ended stream; oldest first. */
  readonly #ended = new Map<string, number>();
  readonly #sizes = new Map<string, number>();
  #size = 0;
  #lost = 0;

  constructor(limits: BufferLimits, now: () => number = Date.now) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Whether a stream has events that the store has not got. */
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

  /** Evicts the streams that ended long enough ago. */
  sweep(): void {
    for (const [stream, at] of this.#ended) {
      if (this.#now() - at < this.#limits.keepMs) break;
      this.#writers.get(stream)?.discard();
    }
  }

  /** Makes sure that the store has what was written lately. */
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

  /** Writers of whoever holds most, then of the others, oldest first, for as long as the buffer is over its limit. */
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
