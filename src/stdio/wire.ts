/**
 * Reads and writes the messages of a connection: answers invalid ones, and tracks unanswered requests.
 * While the client does not read, nothing is read from it either, so that no more output is produced.
 * It does not know MCP's eras; `channel.ts` and `connection.ts` do.
 */
import type { Readable, Writable } from "node:stream";
import { escapeLineEnds } from "../mcp/escape-line-ends.ts";
import type { Id, Message } from "../mcp/message.ts";
import { LineReader, type Line } from "./line-reader.ts";
import { parseLine } from "./parse-line.ts";
import { RunningRequests } from "./running-requests.ts";

/** The same as the SDKs' limit. */
export const MAX_MESSAGE_BYTES = 10 * 1024 * 1024;

/** Unread bytes of output beyond which no more input is handled. */
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;

export interface WireEvents {
  readonly message: (message: Message) => void;
  /** The client closed its end: no more messages come. */
  readonly end: () => void;
  /** The output is closed: the client reads no more. */
  readonly broken: () => void;
}

export class Wire {
  readonly #input: Readable;
  readonly #output: Writable;
  /** Requests of the client that have no answer yet. */
  readonly #requests = new RunningRequests((message) => this.#events?.message(message));
  /** Requests to the client (elicitation, sampling) that have no answer yet. */
  readonly #pendingClientRequests = new Set<Id>();
  /** Lines that were read, but not handled yet. */
  readonly #lines: Line[] = [];
  #ended = false;
  #events: WireEvents | undefined;

  constructor(input: Readable, output: Writable) {
    this.#input = input;
    this.#output = output;
  }

  start(events: WireEvents): void {
    this.#events = events;
    const reader = new LineReader(MAX_MESSAGE_BYTES);
    const end = () => {
      if (this.#ended) return;
      const rest = reader.end();
      if (rest !== undefined) this.#lines.push(rest);
      this.#readLines();
      this.#end();
    };
    this.#output.on("error", () => events.broken());
    this.#output.on("drain", () => this.#readLines());
    this.#input.on("error", end);
    this.#input.on("close", end);
    this.#input.on("end", end);
    this.#input.on("data", (chunk: Buffer) => {
      for (const line of reader.push(chunk)) this.#lines.push(line);
      this.#readLines();
    });
  }

  /** Stops reading; running requests may still answer. */
  stop(): void {
    this.#input.pause();
    this.#lines.length = 0;
    this.#end();
  }

  /** Writes one message; resolves when the pipe has taken it. */
  send(message: object): Promise<void> {
    const { id, method } = message as { id?: Id; method?: string };
    if (id !== undefined && method !== undefined) {
      if (this.#ended) queueMicrotask(() => this.#answerForClient(id));
      else this.#pendingClientRequests.add(id);
    }
    return this.#write(JSON.stringify(message), method === undefined ? id : undefined);
  }

  /** Answers a request with a result that is JSON text already. */
  answer(id: Id, result: string): Promise<void> {
    return this.#write(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`, id);
  }

  /** Resolves when every request that was read has its answer. */
  waitUntilIdle(): Promise<void> {
    return this.#requests.waitUntilIdle();
  }

  /** Handles lines, as long as the client reads the output. */
  #readLines(): void {
    const blocked = () => this.#output.writableLength > MAX_UNREAD_BYTES || this.#requests.full;
    let at = 0;
    while (at < this.#lines.length && !blocked()) this.#read(this.#lines[at++] as Line);
    this.#lines.splice(0, at);
    if (this.#ended) return;
    if (this.#lines.length > 0) this.#input.pause();
    else if (this.#input.isPaused()) this.#input.resume();
  }

  #read(line: Line): void {
    const parsed = parseLine(line);
    if (parsed === undefined) return;
    if ("answer" in parsed) return void this.send(parsed.answer);
    const { message } = parsed;
    const { id, method, params } = message;
    if (method !== undefined && id !== undefined) return this.#requests.add(message);
    if (method === undefined) this.#pendingClientRequests.delete(id as Id);
    else if (method === "notifications/cancelled") {
      const cancelled = params?.["requestId"] as Id;
      if (this.#requests.cancelWaiting(cancelled)) return;
      this.#requests.markEnded(cancelled);
    }
    this.#events?.message(message);
  }

  #write(text: string, answers: Id | undefined): Promise<void> {
    return new Promise((resolve) => {
      this.#output.write(`${escapeLineEnds(text)}\n`, () => {
        if (answers !== undefined) {
          this.#requests.markEnded(answers);
          this.#readLines();
        }
        resolve();
      });
    });
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const id of this.#pendingClientRequests) this.#answerForClient(id);
    this.#events?.end();
  }

  /** Answers a question with an error, since a client that has closed its end cannot. */
  #answerForClient(id: Id): void {
    this.#pendingClientRequests.delete(id);
    this.#events?.message({
      jsonrpc: "2.0",
      id,
      error: { code: -32000, message: "The client closed the connection." },
    });
  }
}
