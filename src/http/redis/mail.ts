/**
 * Messages between instances: to one by name, or to all others. Nobody waits for an answer, and what is sent while
 * Redis is away is refused, never kept.
 */
import type { RedisLink } from "./link.ts";

export interface Mail<Message> {
  /** Throws RedisAway. */
  send(to: string, message: Message): Promise<void>;
  /** To every other instance. Throws RedisAway. */
  sendAll(message: Message): Promise<void>;
  close(): void;
}

const EVERYONE = "*";

/** Without Redis there is nobody to write to. */
export const NO_MAIL: Mail<unknown> = {
  send: async () => undefined,
  sendAll: async () => undefined,
  close: () => undefined,
};

export function createMail<Message>(link: RedisLink, self: string, receive: (message: Message) => void): Mail<Message> {
  const channelOf = (to: string) => `${link.prefix}:to:${to}`;
  const open = (text: string): void => {
    const { from, message } = JSON.parse(text) as { from: string; message: Message };
    if (from !== self) receive(message);
  };
  const ends = [link.subscribe(channelOf(self), open), link.subscribe(channelOf(EVERYONE), open)];

  async function send(to: string, message: Message): Promise<void> {
    await link.run((redis) => redis.publish(channelOf(to), JSON.stringify({ from: self, message })));
  }

  return {
    send,
    sendAll: (message) => send(EVERYONE, message),
    close() {
      for (const end of ends) end();
    },
  };
}
