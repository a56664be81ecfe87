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
  waitForDrain(): Promise<void>;
  writeEvent(data: string, id: string): void;
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
export function follow(options: FollowOptions): Promise<void> {
  return new Follower(options).run();
}

class Follower {
  readonly #options: FollowOptions;
  /** The number of the last event that was sent. */
  #sent: number;
  #woken = true;
  #stopped = false;
  #wake: () => void = () => undefined;
  #head: CallHead | undefined;
  /** When the stream's writer last heard that somebody follows. */
  #told = Date.now();

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
      while (this.#goesOn) {
        if (await this.#sendMore()) break;
        if (this.#goesOn && !this.#woken) await this.#waitForMore();
      }
    } finally {
      watch.unwatch();
      stream.end();
    }
  }

  get #goesOn(): boolean {
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

  /** Sends what is kept by now; whether that was all there will be. */
  async #sendMore(): Promise<boolean> {
    const { store, key, stream } = this.#options;
    this.#woken = false;
    const kept = await store.read(key, this.#sent).catch(ignoreUnavailable);
    if (this.#stopped) return true;
    this.#head = kept?.head ?? this.#head;
    for (const { seq, data } of kept?.events ?? []) {
      await stream.waitForDrain();
      if (!this.#goesOn) return true;
      stream.writeEvent(data, eventId(key, seq));
      this.#sent = seq;
    }
    if (kept?.ended === true) return true;
    if (Date.now() - this.#told >= TELL_MS) await this.#tell();
    // A read is bounded, so after a full one there may be more.
    this.#woken ||= (kept?.events.length ?? 0) > 0;
    return false;
  }

  /** Waits until there is more, or it is time to look again. */
  async #waitForMore(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#options.pollMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    if (!this.#woken) await this.#tell();
  }

  async #tell(): Promise<void> {
    this.#told = Date.now();
    await this.#options.onQuiet?.(this.#head).catch(ignoreUnavailable);
  }
}

/** While Redis is away a follower waits for it. */
function ignoreUnavailable(error: unknown): undefined {
  if (error instanceof RedisAway) return undefined;
  throw error;
}
