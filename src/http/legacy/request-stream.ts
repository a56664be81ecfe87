/**
 * One request and its answer. Everything the SDK's server says to the request goes to the client's connection and,
 * where the call can be resumed, through its writer to the event store.
 * A client that disconnects cancels nothing: in the legacy revisions only `notifications/cancelled` does.
 */
import type { JSONRPCMessage, JSONRPCRequest } from "@modelcontextprotocol/sdk/types.js";
import type { FastifyReply } from "fastify";
import type { Caller } from "../../mcp/registry.ts";
import { eventId } from "../events/event-id.ts";
import type { StreamWriter } from "../events/stream-writer.ts";
import type { UnkeptAnswer } from "./answer-unkept.ts";
import { SseStream, type OpenStreams } from "./sse-stream.ts";

export interface RequestStreamParts {
  readonly request: JSONRPCRequest;
  readonly caller: Caller;
  /** The session, or the caller where there are none: answers and cancellations are taken from nowhere else. */
  readonly scope: string;
  readonly reply: FastifyReply;
  readonly streams: OpenStreams;
  readonly sessionId: string | undefined;
}

/** How a request's stream is kept. */
export interface Keeping {
  /** The `retry` of the priming event; undefined where the client takes none. */
  readonly primeMs: number | undefined;
  /** Characters of the longest answer that is kept. */
  readonly maxKept: number;
  /** What is kept in place of a longer one. */
  readonly unkept: (length: number) => UnkeptAnswer;
}

export class RequestStream {
  readonly request: JSONRPCRequest;
  readonly caller: Caller;
  readonly scope: string;
  /** Resolves when the answer is written, or there will be none. */
  readonly done: Promise<void>;
  readonly started = Date.now();
  readonly #parts: RequestStreamParts;
  #writer: StreamWriter | undefined;
  #keeping: Keeping | undefined;
  #stream: SseStream | undefined;
  #finished = false;
  /** When its client was last known to be there, on this connection or on another. */
  #seen = Date.now();
  #finish: () => void = () => undefined;

  constructor(parts: RequestStreamParts) {
    ({ request: this.request, caller: this.caller, scope: this.scope } = parts);
    this.#parts = parts;
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  get writer(): StreamWriter | undefined {
    return this.#writer;
  }

  /**
   * Makes it a stream whose events are kept. `primeMs` also sends the priming event; without one the stream's headers
   * wait for its first event: nothing before it could be resumed from.
   */
  keep(writer: StreamWriter, keeping: Keeping): void {
    const { primeMs } = keeping;
    this.#writer = writer;
    this.#keeping = keeping;
    if (primeMs !== undefined) this.openStream().prime(eventId(writer.key, 0), primeMs);
  }

  /** Makes it a stream, where it is none yet. A quiet call becomes one so that no proxy times it out. */
  openStream(): SseStream {
    const { reply, streams, sessionId } = this.#parts;
    return (this.#stream ??= new SseStream(reply, streams, sessionId));
  }

  /** Sends a notification, or a question of the server's. Throws where a question could not be delivered. */
  emit(message: JSONRPCMessage): void {
    if (this.#finished) return;
    const data = JSON.stringify(message);
    const writer = this.#writer;
    const id = writer && eventId(writer.key, writer.push(data));
    if (!this.#disconnected()) {
      this.openStream().writeEvent(data, id);
      return;
    }
    const reachesNobody = writer === undefined && "id" in message;
    if (reachesNobody) throw new Error("The client has gone, and its stream is not kept.");
  }

  /** Sends the response and ends; without one the call was cancelled. */
  finish(data?: string): void {
    if (this.#finished) return;
    this.#finished = true;
    const writer = this.#writer;
    const unkept = this.#unkept(data);
    const number = writer?.end(unkept?.inItsPlace ?? data);
    if (unkept !== undefined && !this.#disconnected()) this.openStream().writeEvent(unkept.notice);
    // An event without an id leaves the client's place before it: whoever comes back gets what is kept instead.
    const id = writer === undefined || unkept !== undefined ? undefined : eventId(writer.key, number as number);
    // A client that resumes the stream gets the answer from the store.
    if (!this.#disconnected()) this.#deliver(data, id);
    this.#stream?.end();
    this.#finish();
  }

  /** What is kept, and said, where the answer is too long to be kept itself. */
  #unkept(data: string | undefined): UnkeptAnswer | undefined {
    if (this.#keeping === undefined || data === undefined || data.length <= this.#keeping.maxKept) return undefined;
    return this.#keeping.unkept(data.length);
  }

  /** Sends the response to the connected client: as an event of its stream, or as one JSON body. */
  #deliver(data: string | undefined, id: string | undefined): void {
    if (data === undefined) {
      this.openStream();
      return;
    }
    const isStream = this.#writer !== undefined || this.#stream !== undefined;
    if (isStream) {
      this.openStream().writeEvent(data, id);
      return;
    }
    const { reply, sessionId } = this.#parts;
    if (sessionId !== undefined) reply.header("mcp-session-id", sessionId);
    reply.type("application/json; charset=utf-8").send(data);
  }

  /** Ends the connection, not the call: another connection has taken the stream over. */
  closeConnection(): void {
    this.#seen = Date.now();
    this.#stream?.end();
  }

  /** Milliseconds since its client was there; looked at now and then. */
  goneFor(): number {
    if (!this.#disconnected()) this.#seen = Date.now();
    return Date.now() - this.#seen;
  }

  #disconnected(): boolean {
    return this.#stream === undefined ? this.#parts.reply.raw.closed : !this.#stream.open;
  }
}
