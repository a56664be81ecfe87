/**
 * The requests that run on this instance: found by the number their questions carry, by the id their client gave them,
 * and by their stream. Whoever answers or cancels must be of the same scope.
 */
import type { JSONRPCResponse, RequestId } from "@modelcontextprotocol/sdk/types.js";
import type { Exchange } from "./exchange.ts";
import type { SharedServer } from "./shared-server.ts";

interface Running {
  readonly exchange: Exchange;
  readonly server: SharedServer;
}

export class Exchanges {
  readonly #byNumber = new Map<number, Running>();
  readonly #byRequest = new Map<string, number>();
  readonly #byStream = new Map<string, Exchange>();
  #numbers = 0;

  get size(): number {
    return this.#byNumber.size;
  }

  [Symbol.iterator](): Iterator<Exchange> {
    return [...this.#byNumber.values()].map(({ exchange }) => exchange).values();
  }

  /** Runs a request to its end, whatever becomes of its client. */
  async run(server: SharedServer, exchange: Exchange): Promise<void> {
    // The SDK takes 0 for no id.
    const number = (this.#numbers += 1);
    const request = requestKey(exchange.scope, exchange.request.id);
    const stream = exchange.writer?.key.stream;
    this.#byNumber.set(number, { exchange, server });
    this.#byRequest.set(request, number);
    if (stream !== undefined) this.#byStream.set(stream, exchange);
    try {
      server.ask(number, exchange);
      await exchange.done;
    } finally {
      this.#byNumber.delete(number);
      if (this.#byRequest.get(request) === number) this.#byRequest.delete(request);
      if (stream !== undefined) this.#byStream.delete(stream);
    }
  }

  ofStream(stream: string): Exchange | undefined {
    return this.#byStream.get(stream);
  }

  /** A client's answer to question `id` of request `number`; ignored where there is no such request in its scope. */
  answer(number: number, id: number, scope: string, response: JSONRPCResponse): void {
    const running = this.#byNumber.get(number);
    if (running?.exchange.scope === scope) running.server.answer(id, response);
  }

  /** Cancels a client's request; false where it does not run here. */
  cancel(scope: string, id: RequestId, reason: string | undefined): boolean {
    const number = this.#byRequest.get(requestKey(scope, id));
    if (number === undefined) return false;
    this.#stop(number, reason);
    return true;
  }

  /** Cancels all that a session runs here. */
  cancelScope(scope: string, reason: string): void {
    for (const [number, { exchange }] of [...this.#byNumber]) if (exchange.scope === scope) this.#stop(number, reason);
  }

  /** Aborts everything; `answerOf` is what each client is told. */
  abortAll(answerOf: (exchange: Exchange) => string): void {
    for (const [number, { exchange, server }] of [...this.#byNumber]) {
      exchange.finish(answerOf(exchange));
      server.cancel(number, "The server is shutting down.");
    }
  }

  #stop(number: number, reason: string | undefined): void {
    const { exchange, server } = this.#byNumber.get(number) as Running;
    server.cancel(number, reason);
    exchange.finish();
  }
}

function requestKey(scope: string, id: RequestId): string {
  return `${scope} ${typeof id} ${id}`;
}
