/**
 * The two ends of the pipe: reads messages, answers invalid ones, writes answers, and tracks unanswered requests.
 * It knows nothing of MCP's eras; `channel.ts` and `connection.ts` do.
 */
import type { Readable, Writable } from "node:stream";
import type { Id, Message } from "../mcp/message.ts";
import { LineReader } from "./line-reader.ts";
import { parseLine } from "./parse-line.ts";

/** As large as the SDKs' own limit. */
export const MAX_MESSAGE_BYTES = 10 * 1024 * 1024;

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
  readonly #pendingRequests = new Set<Id>();
  /** Requests to the client (elicitation, sampling) that have no answer yet. */
  readonly #pendingClientRequests = new Set<Id>();
  #idle: (() => void) | undefined;
  #ended = false;
  #events: WireEvents | undefined;

  constructor(input: Readable, output: Writable) {
    this.#input = input;
    this.#output = output;
  }

  start(events: WireEvents): void {
    this.#events = events;
    const reader = new LineReader(MAX_MESSAGE_BYTES);
    const read = (line: Parameters<typeof parseLine>[0]) => this.#read(line);
    const end = () => {
      if (this.#ended) return;
      const rest = reader.end();
      if (rest !== undefined) read(rest);
      this.#end();
    };
    this.#output.on("error", () => events.broken());
    this.#input.on("error", end);
    this.#input.on("close", end);
    this.#input.on("end", end);
    this.#input.on("data", (chunk: Buffer) => reader.push(chunk).forEach(read));
  }

  /** Stops reading; what runs may still answer. */
  stop(): void {
    this.#input.pause();
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
  idle(): Promise<void> {
    return this.#pendingRequests.size === 0 ? Promise.resolve() : new Promise((resolve) => (this.#idle = resolve));
  }

  #read(line: Parameters<typeof parseLine>[0]): void {
    const parsed = parseLine(line);
    if (parsed === undefined) return;
    if ("answer" in parsed) return void this.send(parsed.answer);
    const { message } = parsed;
    const { id, method, params } = message;
    if (method === undefined) this.#pendingClientRequests.delete(id as Id);
    else if (id !== undefined) this.#pendingRequests.add(id);
    // A cancelled request gets no answer.
    else if (method === "notifications/cancelled") this.#markAnswered(params?.["requestId"] as Id);
    this.#events?.message(message);
  }

  #write(text: string, answers: Id | undefined): Promise<void> {
    return new Promise((resolve) => {
      this.#output.write(`${text}\n`, () => {
        if (answers !== undefined) this.#markAnswered(answers);
        resolve();
      });
    });
  }

  #markAnswered(id: Id): void {
    if (this.#pendingRequests.delete(id) && this.#pendingRequests.size === 0) this.#idle?.();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const id of this.#pendingClientRequests) this.#answerForClient(id);
    this.#events?.end();
  }

  /** A client that closed its end can answer nothing; the call that asked must not wait for it. */
  #answerForClient(id: Id): void {
    this.#pendingClientRequests.delete(id);
    this.#events?.message({
      jsonrpc: "2.0",
      id,
      error: { code: -32000, message: "The client closed the connection." },
    });
  }
}
