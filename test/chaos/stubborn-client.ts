/**
 * A client that resumes until it knows how its call ended, and remembers everything it was sent.
 * A connection of its own for each request, given up after a while without a byte.
 */
import { request as httpRequest, type IncomingMessage } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { INITIALIZE } from "../http/legacy/wire.ts";

export interface SeenEvent {
  readonly id: string;
  readonly data: string;
}

/** How a call went, as its client saw it. */
export interface Course {
  readonly name: string;
  readonly count: number;
  readonly events: readonly SeenEvent[];
  readonly session: string;
  readonly firstId: string;
  readonly resumptions: number;
  /** Requests that brought no event before their connection ended, and were sent again under another name. */
  readonly unaccepted: readonly string[];
}

export interface ClientFigures {
  resumptions: number;
  silences: number;
  storeAway: number;
  unaccepted: number;
}

/** An answer that no fault explains. */
export class WrongAnswer extends Error {}

const HEADERS = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
  "mcp-protocol-version": "2025-11-25",
};

/** One client with a session of its own, which it opens again where it has ended. */
export class StubbornClient {
  readonly #url: string;
  readonly #silenceMs: number;
  readonly #figures: ClientFigures;
  #session = "";

  constructor(url: string, silenceMs: number, figures: ClientFigures) {
    this.#url = url;
    this.#silenceMs = silenceMs;
    this.#figures = figures;
  }

  async open(): Promise<void> {
    for (;;) {
      try {
        const response = await this.#send("POST", {}, INITIALIZE);
        await bodyOf(response);
        this.#session = String(response.headers["mcp-session-id"] ?? "");
        if (response.statusCode === 200 && this.#session !== "") return;
      } catch (error) {
        if (error instanceof WrongAnswer) throw error;
      }
      await delay(50);
    }
  }

  async call(name: string, count: number, delayMs: number): Promise<Course> {
    const unaccepted: string[] = [];
    const events: SeenEvent[] = [];
    let firstId = "";
    let lastId = "";
    let resumptions = 0;
    for (let attempt = 0; ; attempt += 1) {
      const called = `${name}-${unaccepted.length}`;
      try {
        const response =
          lastId === ""
            ? await this.#send("POST", { "mcp-session-id": this.#session }, message(called, count, delayMs))
            : await this.#send("GET", { "mcp-session-id": this.#session, "last-event-id": lastId });
        if (lastId !== "") this.#figures.resumptions += 1;
        if (lastId !== "") resumptions += 1;
        if (response.statusCode === 503) {
          response.destroy();
          this.#figures.storeAway += 1;
          await delay(100);
          continue;
        }
        if (response.statusCode !== 200)
          throw new WrongAnswer(`${called}: ${response.statusCode} for ${lastId || "POST"}: ${await bodyOf(response)}`);
        for await (const { id, data } of this.#read(response)) {
          if (id === "") {
            // Redis was away when the call began: it cannot be resumed, and its client knows.
            events.push({ id: "", data });
          } else {
            firstId ||= id;
            lastId = id;
            if (data !== "") events.push({ id, data });
          }
          if (data !== "" && !("method" in (JSON.parse(data) as object))) {
            response.destroy();
            return { name: called, count, events, session: this.#session, firstId, resumptions, unaccepted };
          }
        }
      } catch (error) {
        if (error instanceof WrongAnswer) throw error;
      }
      if (lastId === "") {
        this.#figures.unaccepted += 1;
        unaccepted.push(called);
        events.length = 0;
      }
      await delay(20);
    }
  }

  /** What is kept of a call, from its beginning. */
  async replay({ firstId, session }: Course): Promise<SeenEvent[]> {
    for (;;) {
      try {
        const response = await this.#send("GET", {
          "mcp-session-id": session,
          "last-event-id": firstId.replace(/\.\d+$/, ".0"),
        });
        if (response.statusCode === 200) {
          const events: SeenEvent[] = [];
          for await (const event of this.#read(response)) events.push(event);
          if (events.length > 0 && !("method" in (JSON.parse(events.at(-1)?.data as string) as object))) return events;
        } else if (response.statusCode !== 503) throw new WrongAnswer(`replay: ${response.statusCode}`);
        else response.destroy();
      } catch (error) {
        if (error instanceof WrongAnswer) throw error;
      }
      await delay(50);
    }
  }

  #send(method: string, headers: Record<string, string>, body?: unknown): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = httpRequest(this.#url, {
        method,
        agent: false,
        timeout: this.#silenceMs,
        headers: { ...HEADERS, ...headers },
      });
      request.once("response", resolve);
      request.once("error", reject);
      request.once("timeout", () => {
        this.#figures.silences += 1;
        request.destroy(new Error("silence"));
      });
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  async *#read(response: IncomingMessage): AsyncGenerator<SeenEvent> {
    let text = "";
    if (!String(response.headers["content-type"]).startsWith("text/event-stream")) {
      const data = await bodyOf(response);
      if (data !== "") yield { id: "", data };
      return;
    }
    for await (const piece of response.setEncoding("utf8")) {
      text += piece as string;
      for (let end = text.indexOf("\n\n"); end !== -1; end = text.indexOf("\n\n")) {
        const lines = text.slice(0, end).split("\n");
        text = text.slice(end + 2);
        const of = (field: string) =>
          lines.find((line) => line.startsWith(`${field}: `))?.slice(field.length + 2) ?? "";
        if (of("id") !== "" || of("data") !== "") yield { id: of("id"), data: of("data") };
      }
    }
  }
}

function message(name: string, count: number, delayMs: number) {
  return {
    jsonrpc: "2.0",
    id: name,
    method: "tools/call",
    params: { name: "stream", arguments: { name, count, delayMs }, _meta: { progressToken: name } },
  };
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of response.setEncoding("utf8")) text += piece as string;
  return text;
}
