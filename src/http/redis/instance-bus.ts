/**
 * The bus between instances, over Redis pub/sub: a message goes to one instance by name, or to all others. Delivery is
 * not confirmed. While Redis is away, sending fails; nothing is queued.
 *
 * Each instance has a channel of its own, which carries all messages to it. The channel's name is new with each start
 * of the process, and part of what is signed: so no message from before the start can be replayed to it.
 * A channel for all instances carries only greetings, by which they learn of each other; replaying those does no harm.
 */
import type { RedisLink } from "./link.ts";
import { KnownPeers } from "./known-peers.ts";
import { createSignedMessages, type SignedMessages } from "./signed-messages.ts";
import type { Trust } from "./trust.ts";

export interface InstanceBus<Message> {
  /** Throws RedisAway. */
  send(to: string, message: Message): Promise<void>;
  /** Sends to every other instance that is known. Throws RedisAway. */
  broadcast(message: Message): Promise<void>;
  /** Tells the others that this instance is alive; call it at intervals. Throws RedisAway. */
  greet(): Promise<void>;
  close(): void;
}

const ALL_INSTANCES = "*";
/** Greetings; no message, which is JSON of an object, can equal one. WHO asks for a HERE in return. */
const HERE = "here";
const WHO = "who";

/** For a single instance: without Redis there are no others. */
export const NO_INSTANCE_BUS: InstanceBus<unknown> = {
  send: async () => undefined,
  broadcast: async () => undefined,
  greet: async () => undefined,
  close: () => undefined,
};

export interface InstanceBusParts<Message> {
  readonly link: RedisLink;
  readonly self: string;
  readonly trust: Trust;
  /** The value as a message; undefined where it is none. */
  readonly parse: (value: unknown) => Message | undefined;
  readonly receive: (message: Message) => void;
  /** Called for each greeting of another instance. */
  readonly onGreeting: () => void;
}

export function createInstanceBus<Message>(parts: InstanceBusParts<Message>): InstanceBus<Message> {
  return new RedisBus(parts);
}

class RedisBus<Message> implements InstanceBus<Message> {
  readonly #parts: InstanceBusParts<Message>;
  readonly #messages: SignedMessages;
  readonly #peers = new KnownPeers();
  readonly #unsubscribes: readonly (() => void)[];

  constructor(parts: InstanceBusParts<Message>) {
    const { link, self, trust } = parts;
    this.#parts = parts;
    this.#messages = createSignedMessages(trust.macKey, self, { isOwnChannel: true });
    link.onAvailable(() => this.#ask());
    this.#unsubscribes = [
      this.#subscribe(self, (payload) => this.#receive(payload)),
      this.#subscribe(ALL_INSTANCES, () => trust.drop("message", "for nobody by name")),
    ];
  }

  send(to: string, message: Message): Promise<void> {
    return this.#publish(to, JSON.stringify(message));
  }

  async broadcast(message: Message): Promise<void> {
    const payload = JSON.stringify(message);
    await Promise.all(this.#peers.names().map((peer) => this.#publish(peer, payload)));
  }

  greet(): Promise<void> {
    return this.#publish(ALL_INSTANCES, HERE);
  }

  close(): void {
    for (const end of this.#unsubscribes) end();
  }

  #channelOf(to: string): string {
    return `${this.#parts.link.prefix}:to:${to}`;
  }

  async #publish(to: string, payload: string): Promise<void> {
    const channel = this.#channelOf(to);
    await this.#parts.link.run((redis) => redis.publish(channel, this.#messages.close(channel, payload)));
  }

  /**
   * Asks all instances for a greeting, once Redis is back or a channel is subscribed.
   * Of two instances, the later question reaches the other one, which has subscribed by then: so they always meet.
   */
  #ask(): void {
    this.#publish(ALL_INSTANCES, WHO).catch(() => undefined);
  }

  #subscribe(to: string, receive: (payload: string) => void): () => void {
    const { link, self, trust } = this.#parts;
    const channel = this.#channelOf(to);
    const open = (text: string): void => {
      const opened = this.#messages.open(channel, text);
      if ("fault" in opened) return trust.drop("message", opened.fault);
      if (opened.from === self) return;
      if (opened.payload === HERE || opened.payload === WHO) this.#meet(opened.from, opened.payload);
      else receive(opened.payload);
    };
    return link.subscribe(channel, open, () => this.#ask());
  }

  #meet(peer: string, greeting: string): void {
    const isNew = this.#peers.noteGreeting(peer);
    // An instance that is new here may not know this one either.
    if (isNew || greeting === WHO) this.#publish(peer, HERE).catch(() => undefined);
    this.#parts.onGreeting();
  }

  #receive(payload: string): void {
    const message = this.#parts.parse(parsedJson(payload));
    if (message === undefined) this.#parts.trust.drop("message", "of an unknown form");
    else this.#parts.receive(message);
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
