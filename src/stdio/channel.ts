/**
 * The transport that an SDK's server is connected to: messages handed to it wait until the server listens.
 * Both SDKs' Transport interfaces fit it.
 */
import type { Message } from "./parse-line.ts";
import type { Wire } from "./wire.ts";

export class Channel {
  // Each SDK has a type of its own for the messages it is handed; what parse-line.ts lets through is one in both.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  onmessage?: (message: any) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  readonly #wire: Wire;
  #early: Message[] | undefined = [];

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  async start(): Promise<void> {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const message of early) this.deliver(message);
  }

  deliver(message: Message): void {
    if (this.#early !== undefined) this.#early.push(message);
    else this.onmessage?.(message);
  }

  send(message: object): Promise<void> {
    return this.#wire.send(message);
  }

  async close(): Promise<void> {
    this.onclose?.();
  }
}
