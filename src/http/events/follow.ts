/**
 * Sends a stored stream to a client: the events it missed, then new ones as they are written, each once and in order,
 * until the stream's end. It reads only from the store, so that it does not matter which instance writes.
 */
import { RedisAway } from "../redis/link.ts";
import { eventId, type StreamKey } from "./event-id.ts";
import type { CallHead, EventStore } from "./event-store.ts";

/** How often `onQuiet` is called, at least, while there are always more events to send. */
const REPORT_MS = 10_000;

/** The connection that the events are sent to. */
export interface FollowerStream {
  readonly open: boolean;
  /** Resolves when the client has read most of what was written, or has disconnected. */
  waitForDrain(): Promise<void>;
  writeEvent(data: string, id: string): void;
  end(): void;
  onClose(listener: () => void): void;
}

export interface FollowOptions {
  readonly store: EventStore;
  readonly key: StreamKey;
  /** The sequence number of the last event that the client has. */
  readonly after: number;
  readonly stream: FollowerStream;
  /** Milliseconds between two reads of the store where the store does not report new events. */
  readonly pollMs: number;
  /**
   * Called when `pollMs` have passed without a new event, and every REPORT_MS while there are always more to send.
   * It should tell the stream's writer that a client follows, or end the stream where its writer is dead.
   */
  readonly onQuiet?: (head: CallHead | undefined) => Promise<void>;
}

/** Resolves when the stream has ended, another connection has taken it over, or the client has disconnected. */
export function follow(options: FollowOptions): Promise<void> {
  return new Follower(options).run();
}

class Follower {
  readonly #options: FollowOptions;
  /** The sequence number of the last event that was sent. */
  #sent: number;
  #woken = true;
  #stopped = false;
  #wake: () => void = () => undefined;
  #head: CallHead | undefined;
  /** When `onQuiet` was last called. */
  #reportedAt = Date.now();

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#sent = options.after;
  }

  async run(): Promise<void> {
    const { store, key, stream } = this.#options;
    const stop = () => this.#stop();
    const watch = store.watch(key, () => this.#notify(), stop);
    stream.onClose(stop);
    watch.takeOver();
    try {
      while (this.#isRunning) {
        const hasEnded = await this.#sendMore();
        if (hasEnded) break;
        if (this.#isRunning && !this.#woken) await this.#waitForMore();
      }
    } finally {
      watch.unwatch();
      stream.end();
    }
  }

  get #isRunning(): boolean {
    return !this.#stopped && this.#options.stream.open;
  }

  #notify(): void {
    this.#woken = true;
    this.#wake();
  }

  #stop(): void {
    this.#stopped = true;
    this.#notify();
  }

  /** Reads the store once and sends what it has. Resolves with whether there is nothing more to send, ever. */
  async #sendMore(): Promise<boolean> {
    const { store, key, stream } = this.#options;
    this.#woken = false;
    const kept = await store.read(key, this.#sent).catch(ignoreUnavailable);
    if (this.#stopped) return true;
    this.#head = kept?.head ?? this.#head;
    for (const { seq, data } of kept?.events ?? []) {
      await stream.waitForDrain();
      if (!this.#isRunning) return true;
      stream.writeEvent(data, eventId(key, seq));
      this.#sent = seq;
    }
    if (kept?.ended === true) return true;
    if (Date.now() - this.#reportedAt >= REPORT_MS) await this.#reportQuiet();
    // One read is limited in length, so where it had events there may be more.
    this.#woken ||= (kept?.events.length ?? 0) > 0;
    return false;
  }

  /** Waits until the store reports new events, or for `pollMs`. */
  async #waitForMore(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#options.pollMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    if (!this.#woken) await this.#reportQuiet();
  }

  async #reportQuiet(): Promise<void> {
    this.#reportedAt = Date.now();
    await this.#options.onQuiet?.(this.#head).catch(ignoreUnavailable);
  }
}

/** While Redis is away, a follower waits for it. */
function ignoreUnavailable(error: unknown): undefined {
  if (error instanceof RedisAway) return undefined;
  throw error;
}
