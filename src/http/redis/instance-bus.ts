/**
 * The bus between instances, over Redis pub/sub: a message goes to one instance by name, or to all others.
 * Delivery is not confirmed. While Redis is away, sending fails; nothing is queued.
 */
import type { RedisLink } from "./link.ts";
import { createSignedMessages } from "./signed-messages.ts";
import type { Trust } from "./trust.ts";

export interface InstanceBus<Message> {
  /** Throws RedisAway. */
  send(to: string, message: Message): Promise<void>;
  /** To every other instance. Throws RedisAway. */
  broadcast(message: Message): Promise<void>;
  close(): void;
}

const ALL_INSTANCES = "*";

/** For a single instance: without Redis there are no others. */
export const NO_INSTANCE_BUS: InstanceBus<unknown> = {
  send: async () => undefined,
  broadcast: async () => undefined,
  close: () => undefined,
};

export interface InstanceBusParts<Message> {
  readonly link: RedisLink;
  readonly self: string;
  readonly trust: Trust;
  /** The message, where it is one; undefined else. */
  readonly parse: (value: unknown) => Message | undefined;
  readonly receive: (message: Message) => void;
}

export function createInstanceBus<Message>({
  link,
  self,
  trust,
  parse,
  receive,
}: InstanceBusParts<Message>): InstanceBus<Message> {
  const messages = createSignedMessages(trust.macKey, self);
  const channelOf = (to: string) => `${link.prefix}:to:${to}`;
  const open = (channel: string) =>
    link.subscribe(channel, (text) => {
      const opened = messages.open(channel, text);
      if ("fault" in opened) return trust.drop("message", opened.fault);
      if (opened.from === self) return;
      const message = parse(parsedJson(opened.payload));
      if (message === undefined) return trust.drop("message", "of an unknown form");
      receive(message);
    });
  const unsubscribes = [open(channelOf(self)), open(channelOf(ALL_INSTANCES))];

  async function send(to: string, message: Message): Promise<void> {
    const channel = channelOf(to);
    await link.run((redis) => redis.publish(channel, messages.close(channel, JSON.stringify(message))));
  }

  return {
    send,
    broadcast: (message) => send(ALL_INSTANCES, message),
    close() {
      for (const end of unsubscribes) end();
    },
  };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
