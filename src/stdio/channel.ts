/**
 * The transport of an SDK's server over stdio. Messages that are delivered before the server starts it wait until then.
 * It fits the Transport interfaces of both SDKs.
 */
import type { Id, Message } from "../mcp/message.ts";
import type { Wire } from "./wire.ts";

export class Channel {
  // Each SDK has a type of its own for the messages it is handed; what parse-line.ts lets through is one in both.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  onmessage?: (message: any) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  readonly #wire: Wire;
  readonly #answered: Id | undefined;
  /** Whether the server's own answer to `#answered` has been dropped. */
  #isDropped = false;
  #early: Message[] | undefined = [];
  readonly #awaited = new Map<unknown, (error: number | undefined) => void>();

  /** `answered` is a request that the client has an answer to: the server gets it too, and its answer is dropped. */
  constructor(wire: Wire, answered?: Id) {
    this.#wire = wire;
    this.#answered = answered;
  }

  /** Calls `listener` once request `id` is answered, with the code where the answer is an error. */
  whenAnswered(id: Id, listener: (error: number | undefined) => void): void {
    this.#awaited.set(id, listener);
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
    if (this.#answered !== undefined && !this.#isDropped && isAnswerTo(message, this.#answered)) {
      this.#isDropped = true;
      return Promise.resolve();
    }
    this.#notifyAnswered(message);
    return this.#wire.send(message);
  }

  #notifyAnswered(message: { id?: unknown; method?: unknown; error?: { code?: number } }): void {
    if (message.method !== undefined) return;
    this.#awaited.get(message.id)?.(message.error?.code);
    this.#awaited.delete(message.id);
  }

  async close(): Promise<void> {
    this.onclose?.();
  }
}

function isAnswerTo(message: { id?: unknown; method?: unknown }, id: Id): boolean {
  return message.id === id && message.method === undefined;
}
