/**
 * Watches of streams in Redis. A Redis channel for each stream tells the watchers on all instances that there are new
 * events, or that a connection has taken the stream over.
 */
import type { RedisLink } from "../redis/link.ts";
import { createSignedMessages, type SignedMessages } from "../redis/signed-messages.ts";
import type { Trust } from "../redis/trust.ts";
import type { Watch } from "./event-store.ts";
import { Watchers } from "./watchers.ts";

/** The message "there are new events". It is not signed: a forged one only causes a read. */
export const WAKE = "";

export class RedisWatches {
  readonly #link: RedisLink;
  readonly #instance: string;
  readonly #trust: Trust;
  readonly #messages: SignedMessages;
  readonly #watchers = new Watchers();
  readonly #subscriptions = new Map<string, () => void>();
  #tokens = 0;

  constructor(link: RedisLink, instance: string, trust: Trust) {
    this.#link = link;
    this.#instance = instance;
    this.#trust = trust;
    this.#messages = createSignedMessages(trust.macKey, instance);
  }

  /** `channel` is the stream's key. */
  watch(channel: string, wake: () => void, superseded: () => void): Watch {
    const token = `${this.#instance}.${(this.#tokens += 1)}`;
    const { first, remove } = this.#watchers.add(channel, { token, wake, superseded });
    if (first) this.#subscriptions.set(channel, this.#subscribe(channel));
    return {
      unwatch: () => {
        if (!remove()) return;
        this.#subscriptions.get(channel)?.();
        this.#subscriptions.delete(channel);
      },
      takeOver: () => {
        this.#watchers.supersede(channel, token);
        const message = this.#messages.close(channel, token);
        this.#link.run((redis) => redis.publish(channel, message)).catch(() => undefined);
      },
    };
  }

  #subscribe(channel: string): () => void {
    return this.#link.subscribe(channel, (text) => {
      if (text === WAKE) return this.#watchers.wake(channel);
      const opened = this.#messages.open(channel, text);
      if ("fault" in opened) this.#trust.drop("message", opened.fault);
      else this.#watchers.supersede(channel, opened.payload);
    });
  }
}
