/**
 * The bus between instances, over Redis pub/sub: a message goes to one instance by name, or to all others. Delivery is
 * not confirmed. While Redis is away, sending fails; nothing is queued.
 *
 * Each message goes over the channel of the one that it is for. Its name is new with each start of a process and part
 * of what is signed, so that nothing from before an instance's start can be kept and sent to it: what it has not heard,
 * nobody has said to it. The one channel of all carries greetings, by which instances learn of each other; one that is
 * sent again says no more than that.
 */
import type { RedisLink } from "./link.ts";
import { KnownPeers } from "./known-peers.ts";
import { createSignedMessages, type SignedMessages } from "./signed-messages.ts";
import type { Trust } from "./trust.ts";

export interface InstanceBus<Message> {
  /** Throws RedisAway. */
  send(to: string, message: Message): Promise<void>;
  /** To every other instance that has been heard of. Throws RedisAway. */
  broadcast(message: Message): Promise<void>;
  /** Tells the others that this instance is still there; to be repeated. Throws RedisAway. */
  greet(): Promise<void>;
  close(): void;
}

const ALL_INSTANCES = "*";
/** Greetings, which no message looks like. */
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
  /** The message, where it is one; undefined else. */
  readonly parse: (value: unknown) => Message | undefined;
  readonly receive: (message: Message) => void;
  /** Another instance has been heard of. */
  readonly met: () => void;
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
      this.#open(self, (payload) => this.#take(payload)),
      this.#open(ALL_INSTANCES, () => trust.drop("message", "for nobody by name")),
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

  /** Whoever asks last, and hears by then, is heard by all that heard before: so no two miss each other. */
  #ask(): void {
    this.#publish(ALL_INSTANCES, WHO).catch(() => undefined);
  }

  #open(to: string, receive: (payload: string) => void): () => void {
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
    const isNew = this.#peers.heardOf(peer);
    // Whoever is new may not have heard of this instance either.
    if (isNew || greeting === WHO) this.#publish(peer, HERE).catch(() => undefined);
    this.#parts.met();
  }

  #take(payload: string): void {
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
