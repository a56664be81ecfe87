/**
 * One stream of server-sent events on one connection. It writes to the raw response, with the headers Fastify's plugins
 * have set (CORS, security, limits), and disconnects a client that does not read its events. It can resume where they
 * are kept.
 */
import type { FastifyReply } from "fastify";
import { escapeLineEnds } from "../../mcp/escape-line-ends.ts";
import type { FollowerStream } from "../events/follow.ts";
import { takenBy } from "../limits/unread-answers.ts";

/** Bytes that may wait for one client; more may for as long as it takes some of them. */
const MAX_UNREAD = 4 * 1024 * 1024;
/** How often a client with more is looked at. */
const LOOK_MS = 50;
/** Bytes beyond which not even a burst is taken. */
const MAX_BURST = 32 * 1024 * 1024;
/** What is read from a store waits until less than this is unread. */
const DRAINED = 1024 * 1024;

export class SseStream implements FollowerStream {
  readonly #reply: FastifyReply;
  readonly #listeners: (() => void)[] = [];
  #open = true;
  /** Runs while more than MAX_UNREAD waits. */
  #looking: NodeJS.Timeout | undefined;

  constructor(reply: FastifyReply, streams: OpenStreams, sessionId: string | undefined) {
    this.#reply = reply;
    if (sessionId !== undefined) reply.header("mcp-session-id", sessionId);
    reply.headers({
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      // nginx would collect the events otherwise.
      "x-accel-buffering": "no",
    });
    reply.hijack();
    // What is written in this turn goes out together with the headers.
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
    // A write to a connection that is just being reset; its close follows.
    reply.raw.on("error", () => undefined);
  }

  /** Whether the client is still connected. */
  get open(): boolean {
    return this.#open;
  }

  /** The first event: its id lets the client resume before there is anything else. */
  prime(id: string, retryMs: number): void {
    this.#write(`id: ${id}\nretry: ${retryMs}\ndata: \n\n`);
  }

  writeEvent(data: string, id?: string): void {
    this.#write(`event: message\n${id === undefined ? "" : `id: ${id}\n`}data: ${escapeLineEnds(data)}\n\n`);
  }

  /** Tells the client when to reconnect, before the stream ends early. */
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

  /** Resolves when the client has read most of what was written, or has gone. */
  async waitForDrain(): Promise<void> {
    const { raw } = this.#reply;
    if (!this.#open || raw.writableLength < DRAINED || !raw.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      raw.once("drain", resolve);
      this.onClose(resolve);
    });
  }

  /** An event of any size is written while not too much waits before it. */
  #write(text: string): void {
    if (!this.#open) return;
    const { raw } = this.#reply;
    if (raw.writableLength > MAX_BURST) {
      raw.destroy();
      return;
    }
    const waited = raw.writableLength > MAX_UNREAD;
    raw.write(text);
    if (waited) this.#cutWhenStalled();
  }

  /** Ends the connection where its client has taken nothing since. */
  #cutWhenStalled(): void {
    const { raw } = this.#reply;
    const { socket } = raw;
    if (this.#looking !== undefined || socket === null) return;
    const before = takenBy(socket);
    this.#looking = setTimeout(() => {
      this.#looking = undefined;
      if (raw.closed || raw.writableLength <= MAX_UNREAD) return;
      if (takenBy(socket) === before) raw.destroy();
      else this.#cutWhenStalled();
    }, LOOK_MS);
    this.#looking.unref();
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

  /** Ends every stream; the clients reconnect, to another instance. */
  close(): void {
    clearInterval(this.#timer);
    for (const stream of this.#streams) {
      stream.retry(this.#retryMs);
      stream.end();
    }
  }
}
