/**
 * The requests that run on this instance. They are found by three keys: the number in the ids of the server's own
 * requests, the client's request id, and the stream in the event store.
 * Answers and cancellations must come from the request's scope.
 */
import type { JSONRPCResponse, RequestId } from "@modelcontextprotocol/sdk/types.js";
import type { RequestServer } from "./servers/request-server.ts";
import type { RequestStream } from "./request-stream.ts";

interface Running {
  readonly requestStream: RequestStream;
  readonly server: RequestServer;
}

export class RequestStreams {
  readonly #byNumber = new Map<number, Running>();
  readonly #byRequest = new Map<string, number>();
  readonly #byStream = new Map<string, RequestStream>();
  #numbers = 0;

  get size(): number {
    return this.#byNumber.size;
  }

  [Symbol.iterator](): Iterator<RequestStream> {
    return [...this.#byNumber.values()].map(({ requestStream }) => requestStream).values();
  }

  /** Runs a request to its end, whatever becomes of its client. */
  async run(server: RequestServer, requestStream: RequestStream): Promise<void> {
    // Numbers begin with 1: the SDK treats an id of 0 as missing.
    const number = (this.#numbers += 1);
    const request = requestKey(requestStream.scope, requestStream.request.id);
    const stream = requestStream.writer?.key.stream;
    this.#byNumber.set(number, { requestStream, server });
    this.#byRequest.set(request, number);
    if (stream !== undefined) this.#byStream.set(stream, requestStream);
    try {
      server.ask(number, requestStream);
      await requestStream.done;
    } finally {
      this.#byNumber.delete(number);
      if (this.#byRequest.get(request) === number) this.#byRequest.delete(request);
      if (stream !== undefined) this.#byStream.delete(stream);
    }
  }

  ofStream(stream: string): RequestStream | undefined {
    return this.#byStream.get(stream);
  }

  /** A client's answer to question `id` of request `number`; ignored where there is no such request in its scope. */
  answer(number: number, id: number, scope: string, response: JSONRPCResponse): void {
    const running = this.#byNumber.get(number);
    if (running?.requestStream.scope === scope) running.server.answer(id, response);
  }

  /** Cancels a client's request; false where it does not run here. */
  cancel(scope: string, id: RequestId, reason: string | undefined): boolean {
    const number = this.#byRequest.get(requestKey(scope, id));
    if (number === undefined) return false;
    this.#stop(number, reason);
    return true;
  }

  /** Cancels all requests of a scope on this instance. */
  cancelScope(scope: string, reason: string): void {
    for (const [number, { requestStream }] of [...this.#byNumber])
      if (requestStream.scope === scope) this.#stop(number, reason);
  }

  /**
   * Aborts requests whose clients have been disconnected for `goneMs`.
   * A client that resumes later gets the answer that `answerOf` returns.
   */
  abandon(goneMs: number, answerOf: (requestStream: RequestStream) => string): void {
    for (const [number, { requestStream, server }] of [...this.#byNumber]) {
      if (requestStream.disconnectedFor() < goneMs) continue;
      requestStream.finish(answerOf(requestStream));
      server.cancel(number, "The client has gone.");
    }
  }

  /** Aborts every request; each client gets the answer that `answerOf` returns. */
  abortAll(answerOf: (requestStream: RequestStream) => string): void {
    for (const [number, { requestStream, server }] of [...this.#byNumber]) {
      requestStream.finish(answerOf(requestStream));
      server.cancel(number, "The server is shutting down.");
    }
  }

  #stop(number: number, reason: string | undefined): void {
    const { requestStream, server } = this.#byNumber.get(number) as Running;
    server.cancel(number, reason);
    requestStream.finish();
  }
}

function requestKey(scope: string, id: RequestId): string {
  return `${scope} ${typeof id} ${id}`;
}
