/**
 * One request of a client, and the messages that answer it.
 * Each message goes to the client's connection and, where the call is resumable, through the writer to the event store.
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
  /** The session, or the caller where there are none; answers and cancellations count only from the same scope. */
  readonly scope: string;
  readonly reply: FastifyReply;
  readonly streams: OpenStreams;
  readonly sessionId: string | undefined;
}

/** How a request's stream is kept in the event store. */
export interface Keeping {
  /** The `retry` of the priming event; undefined where the client does not accept one. */
  readonly primeMs: number | undefined;
  /** Characters of the longest answer that the store keeps. */
  readonly maxKept: number;
  /** What to keep and send for an answer longer than that. */
  readonly unkept: (length: number) => UnkeptAnswer;
}

export class RequestStream {
  readonly request: JSONRPCRequest;
  readonly caller: Caller;
  readonly scope: string;
  /** Resolves when the answer has been written, or the request was cancelled. */
  readonly done: Promise<void>;
  readonly started = Date.now();
  readonly #parts: RequestStreamParts;
  #writer: StreamWriter | undefined;
  #keeping: Keeping | undefined;
  #stream: SseStream | undefined;
  #finished = false;
  /** When its client was last known to be connected, to this connection or another. */
  #lastConnected = Date.now();
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
   * Keeps the stream's events in the store from here on.
   * With `primeMs` it opens the stream with a priming event. Otherwise the stream opens with its first event, since a
   * client could not resume it before that.
   */
  keep(writer: StreamWriter, keeping: Keeping): void {
    const { primeMs } = keeping;
    this.#writer = writer;
    this.#keeping = keeping;
    if (primeMs !== undefined) this.openStream().prime(eventId(writer.key, 0), primeMs);
  }

  /** The answer as a stream of events, which is opened where it is not open yet. */
  openStream(): SseStream {
    const { reply, streams, sessionId } = this.#parts;
    return (this.#stream ??= new SseStream(reply, streams, sessionId));
  }

  /** Sends a notification, or a request of the server's. Throws where such a request cannot reach the client. */
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

  /** Sends the response, as JSON text, and ends the stream. Undefined: the call was cancelled and gets no response. */
  finish(data?: string): void {
    if (this.#finished) return;
    this.#finished = true;
    const writer = this.#writer;
    const unkept = this.#unkept(data);
    const number = writer?.end(unkept?.storedError ?? data);
    if (unkept !== undefined && !this.#disconnected()) this.openStream().writeEvent(unkept.notice);
    // Without an id the event does not move the client's position: on resuming it gets the stored error.
    const id = writer === undefined || unkept !== undefined ? undefined : eventId(writer.key, number as number);
    // A client that resumes the stream gets the answer from the store.
    if (!this.#disconnected()) this.#deliver(data, id);
    this.#stream?.end();
    this.#finish();
  }

  /** What to keep and send where the answer is too long for the store; otherwise undefined. */
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

  /** Ends the connection, not the call: the client has resumed the stream on another connection. */
  closeConnection(): void {
    this.#lastConnected = Date.now();
    this.#stream?.end();
  }

  /** Milliseconds since its client was last seen connected; as exact as the time since the previous call of this. */
  disconnectedFor(): number {
    if (!this.#disconnected()) this.#lastConnected = Date.now();
    return Date.now() - this.#lastConnected;
  }

  #disconnected(): boolean {
    return this.#stream === undefined ? this.#parts.reply.raw.closed : !this.#stream.open;
  }
}
