/**
 * A remote place of the audit: a webhook or a collector. Lines wait in a bounded queue and are sent in batches, oldest
 * first, one batch at a time. Calls do not wait for it.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { AuditEntry } from "./audit-entry.ts";

export interface RemoteLine {
  readonly line: string;
  readonly entry: AuditEntry;
}

/** A batch has the same id each time it is sent. */
export interface Batch {
  readonly id: string;
  readonly lines: readonly RemoteLine[];
}

/** Resolves when the receiver has the batch. Rejects otherwise; NotDelivered says whether a retry can help. */
export type Deliver = (batch: Batch, signal: AbortSignal) => Promise<void>;

export class NotDelivered extends Error {
  constructor(
    message: string,
    readonly lasting: boolean,
  ) {
    super(message);
  }
}

export interface RemoteSinkOptions {
  readonly deliver: Deliver;
  /** Whether a batch is retried for ever, instead of being dropped after some attempts. */
  readonly keep: boolean;
  /** Called for a failure, once until a delivery succeeds. */
  readonly onFailure: (reason: string) => void;
  /** Called with the number of lines that were lost. */
  readonly onLost: (count: number) => void;
  readonly maxWaiting?: number;
  readonly timing?: RemoteTiming;
}

export interface RemoteTiming {
  /** How long lines are collected before they are sent. */
  readonly gatherMs: number;
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  readonly tries: number;
}

const TIMING: RemoteTiming = { gatherMs: 200, firstRetryMs: 500, longestRetryMs: 30_000, tries: 6 };
const MAX_WAITING = 1_048_576;
const MAX_BATCH = 262_144;

export class RemoteSink {
  readonly #options: RemoteSinkOptions;
  readonly #timing: RemoteTiming;
  readonly #maxWaiting: number;
  readonly #queue: RemoteLine[] = [];
  readonly #end = new AbortController();
  #size = 0;
  #failing = false;
  #running: Promise<void> | undefined;
  #batches = 0;

  constructor(options: RemoteSinkOptions) {
    this.#options = options;
    this.#timing = options.timing ?? TIMING;
    this.#maxWaiting = options.maxWaiting ?? MAX_WAITING;
  }

  /** Takes a line; false where there is no room. */
  write(line: RemoteLine): boolean {
    const size = Buffer.byteLength(line.line);
    if (this.#size + size > this.#maxWaiting || this.#end.signal.aborted) return false;
    this.#queue.push(line);
    this.#size += size;
    this.#running ??= this.#run();
    return true;
  }

  /** Whether lines wait because they cannot be delivered. */
  waiting(): boolean {
    return this.#failing || this.#size > this.#maxWaiting / 2;
  }

  /** Delivers waiting lines, for `timeoutMs` at most; the rest stays in the queue. */
  async flush(timeoutMs: number): Promise<void> {
    await Promise.race([this.#running, delay(timeoutMs, undefined, { ref: false })]);
  }

  /** Delivers waiting lines, for `timeoutMs` at most; the rest is lost. */
  async close(timeoutMs: number): Promise<void> {
    await this.flush(timeoutMs);
    this.#end.abort();
    await this.#running;
    if (this.#queue.length > 0) this.#options.onLost(this.#queue.length);
  }

  async #run(): Promise<void> {
    await delay(this.#timing.gatherMs);
    while (this.#queue.length > 0 && !this.#end.signal.aborted) {
      const lines = this.#nextLines();
      const delivered = await this.#deliver({ id: `${process.pid}-${Date.now()}-${++this.#batches}`, lines });
      if (delivered === "ended") break;
      this.#queue.splice(0, lines.length);
      for (const { line } of lines) this.#size -= Buffer.byteLength(line);
      if (delivered === "lost") this.#options.onLost(lines.length);
    }
    this.#running = undefined;
  }

  /** The lines of the next batch, at least one. */
  #nextLines(): RemoteLine[] {
    let size = 0;
    const fits = this.#queue.findIndex(({ line }) => (size += Buffer.byteLength(line)) > MAX_BATCH);
    return this.#queue.slice(0, fits === -1 ? undefined : Math.max(fits, 1));
  }

  async #deliver(batch: Batch): Promise<"delivered" | "lost" | "ended"> {
    const { deliver, keep, onFailure } = this.#options;
    const { tries, firstRetryMs, longestRetryMs } = this.#timing;
    for (let tried = 1; ; tried++) {
      try {
        await deliver(batch, this.#end.signal);
        this.#failing = false;
        return "delivered";
      } catch (error) {
        if (this.#end.signal.aborted) return "ended";
        if (!this.#failing) onFailure((error as Error).message);
        this.#failing = true;
        const lasting = error instanceof NotDelivered && error.lasting;
        if (!keep && (lasting || tried >= tries)) return "lost";
      }
      const wait = Math.min(longestRetryMs, firstRetryMs * 2 ** (tried - 1)) * (0.5 + Math.random() / 2);
      await delay(wait, undefined, { signal: this.#end.signal }).catch(() => undefined);
      if (this.#end.signal.aborted) return "ended";
    }
  }
}
