/**
 * The bus between instances, over Redis pub/sub: a message goes to one instance by name, or to all others.
 * Delivery is not confirmed. While Redis is away, sending fails; nothing is queued.
 */
import type { RedisLink } from "./link.ts";

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

export function createInstanceBus<Message>(
  link: RedisLink,
  self: string,
  receive: (message: Message) => void,
): InstanceBus<Message> {
  const channelOf = (to: string) => `${link.prefix}:to:${to}`;
  const deliver = (text: string): void => {
    const { from, message } = JSON.parse(text) as { from: string; message: Message };
    if (from !== self) receive(message);
  };
  const unsubscribes = [link.subscribe(channelOf(self), deliver), link.subscribe(channelOf(ALL_INSTANCES), deliver)];

  async function send(to: string, message: Message): Promise<void> {
    await link.run((redis) => redis.publish(channelOf(to), JSON.stringify({ from: self, message })));
  }

  return {
    send,
    broadcast: (message) => send(ALL_INSTANCES, message),
    close() {
      for (const end of unsubscribes) end();
    },
  };
}
