/**
 * One stream of server-sent events on one connection.
 * It writes to the raw response, with the headers that Fastify's plugins have set (CORS, security, limits).
 * It disconnects a client that does not read; where events are kept, the client can resume.
 */
import type { FastifyReply } from "fastify";
import { escapeLineEnds } from "../../mcp/escape-line-ends.ts";
import type { FollowerStream } from "../events/follow.ts";
import { takenBy } from "../limits/unread-answers.ts";

/** Unread bytes beyond which a client must make progress between two checks, or is disconnected. */
const MAX_UNREAD = 4 * 1024 * 1024;
/** Milliseconds between two such checks. */
const STALL_CHECK_MS = 50;
/** Unread bytes beyond which a client is disconnected at once. */
const MAX_BURST = 32 * 1024 * 1024;
/** Unread bytes below which `waitForDrain` resolves, so that more is read from the store. */
const DRAINED = 1024 * 1024;

export class SseStream implements FollowerStream {
  readonly #reply: FastifyReply;
  readonly #listeners: (() => void)[] = [];
  #open = true;
  /** Set while more than MAX_UNREAD bytes are unread. */
  #stallCheck: NodeJS.Timeout | undefined;

  constructor(reply: FastifyReply, streams: OpenStreams, sessionId: string | undefined) {
    this.#reply = reply;
    if (sessionId !== undefined) reply.header("mcp-session-id", sessionId);
    reply.headers({
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      // Otherwise nginx would buffer the events.
      "x-accel-buffering": "no",
    });
    reply.hijack();
    // Corked, so that what is written in this turn of the event loop leaves in one packet with the headers.
    const { socket } = reply.raw;
    socket?.cork();
    process.nextTick(() => socket?.uncork());
    reply.raw.writeHead(200, reply.getHeaders() as Record<string, string>);
    reply.raw.flushHeaders();
    streams.add(this);
    reply.raw.once("close", () => {
      this.#open = false;
      streams.delete(this);
      for (const listener of this.#listeners.splice(0)) listener();
    });
    // As of a write to a connection that is being reset; "close" follows.
    reply.raw.on("error", () => undefined);
  }

  /** Whether the client is still connected. */
  get open(): boolean {
    return this.#open;
  }

  /** Writes the priming event: an id and no data, so that the client can resume before the first message. */
  prime(id: string, retryMs: number): void {
    this.#write(`id: ${id}\nretry: ${retryMs}\ndata: \n\n`);
  }

  writeEvent(data: string, id?: string): void {
    this.#write(`event: message\n${id === undefined ? "" : `id: ${id}\n`}data: ${escapeLineEnds(data)}\n\n`);
  }

  /** Tells the client how long to wait before it reconnects; for a stream that is about to end early. */
  retry(retryMs: number): void {
    this.#write(`retry: ${retryMs}\n\n`);
  }

  keepAlive(): void {
    this.#write(": keep-alive\n\n");
  }

  end(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#reply.raw.end();
  }

  onClose(listener: () => void): void {
    if (this.#reply.raw.closed) listener();
    else this.#listeners.push(listener);
  }

  /** Resolves when the client has read most of what was written, or has disconnected. */
  async waitForDrain(): Promise<void> {
    const { raw } = this.#reply;
    if (!this.#open || raw.writableLength < DRAINED || !raw.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      raw.once("drain", resolve);
      this.onClose(resolve);
    });
  }

  /** Writes an event. The limits apply to what is unread before it, so that a single event may have any size. */
  #write(text: string): void {
    if (!this.#open) return;
    const { raw } = this.#reply;
    if (raw.writableLength > MAX_BURST) {
      raw.destroy();
      return;
    }
    const isBehind = raw.writableLength > MAX_UNREAD;
    raw.write(text);
    if (isBehind) this.#disconnectWhenStalled();
  }

  /** Ends the connection where the client reads nothing between two checks. */
  #disconnectWhenStalled(): void {
    const { raw } = this.#reply;
    const { socket } = raw;
    if (this.#stallCheck !== undefined || socket === null) return;
    const before = takenBy(socket);
    this.#stallCheck = setTimeout(() => {
      this.#stallCheck = undefined;
      if (raw.closed || raw.writableLength <= MAX_UNREAD) return;
      if (takenBy(socket) === before) raw.destroy();
      else this.#disconnectWhenStalled();
    }, STALL_CHECK_MS);
    this.#stallCheck.unref();
  }
}

/** All streams of an instance, kept alive by one timer. */
export class OpenStreams {
  readonly #streams = new Set<SseStream>();
  readonly #timer: NodeJS.Timeout;
  readonly #retryMs: number;

  constructor(keepAliveMs: number, retryMs: number) {
    this.#retryMs = retryMs;
    this.#timer = setInterval(() => {
      for (const stream of this.#streams) stream.keepAlive();
    }, keepAliveMs);
    this.#timer.unref();
  }

  get size(): number {
    return this.#streams.size;
  }

  add(stream: SseStream): void {
    this.#streams.add(stream);
  }

  delete(stream: SseStream): void {
    this.#streams.delete(stream);
  }

  /** Ends every stream; the clients then reconnect to another instance. */
  close(): void {
    clearInterval(this.#timer);
    for (const stream of this.#streams) {
      stream.retry(this.#retryMs);
      stream.end();
    }
  }
}
