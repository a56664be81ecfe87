/**
 * The transport that an SDK's server is connected to: messages handed to it wait until the server listens.
 * Both SDKs' Transport interfaces fit it.
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
  /** The answer that the client has already came from the server too. */
  #repeated = false;
  #early: Message[] | undefined = [];
  readonly #awaited = new Map<unknown, (error: number | undefined) => void>();

  /** `answered` is a request that the server is told although the client has its answer already. */
  constructor(wire: Wire, answered?: Id) {
    this.#wire = wire;
    this.#answered = answered;
  }

  /** Tells the answer to request `id` once, with the code of its error if it is one. */
  whenAnswered(id: Id, told: (error: number | undefined) => void): void {
    this.#awaited.set(id, told);
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
    if (this.#answered !== undefined && !this.#repeated && isAnswerTo(message, this.#answered)) {
      this.#repeated = true;
      return Promise.resolve();
    }
    this.#tell(message);
    return this.#wire.send(message);
  }

  #tell(message: { id?: unknown; method?: unknown; error?: { code?: number } }): void {
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
