/**
 * A stand-in for a model, so that agents run without an account: it asks for one tool call, and keeps what the agent
 * sends back, which is exactly what a model would have seen.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Json = Record<string, unknown>;

export interface ToolCall {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A model's API: how requests contain tools and results, and the form of answers. */
export interface ModelApi {
  /** The names of this server's tools in a request. */
  readonly toolsIn: (body: Json) => string[];
  /** The result of the call; undefined where the request has none yet. */
  readonly resultIn: (body: Json) => SeenResult | undefined;
  /** The events of an answer: a tool call, or a final text. */
  readonly answer: (call: ToolCall | undefined) => readonly SentEvent[];
}

export interface SeenResult {
  readonly text: string;
  readonly isError?: boolean;
}

export interface SentEvent {
  readonly event?: string;
  readonly data: Json;
}

export interface StandInModel {
  readonly url: string;
  /** Forgets what it has seen; the next conversation calls `call`, or nothing. */
  expect(call: ToolCall | undefined): void;
  /** The tools of the richest request since then. */
  readonly tools: readonly string[];
  readonly result: SeenResult | undefined;
  close(): Promise<void>;
}

export async function startStandInModel(api: ModelApi): Promise<StandInModel> {
  let wanted: ToolCall | undefined;
  let tools: string[] = [];
  let result: SeenResult | undefined;
  const server = createServer((request, response) => {
    void readJson(request).then((body) => {
      const offered = api.toolsIn(body);
      if (offered.length > tools.length) tools = offered;
      result = api.resultIn(body) ?? result;
      // Requests without tools are the agent's own: titles, summaries, quota.
      const call = offered.length > 0 && result === undefined ? wanted : undefined;
      send(response, api.answer(call));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    expect(call) {
      wanted = call;
      tools = [];
      result = undefined;
    },
    get tools() {
      return tools;
    },
    get result() {
      return result;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function send(response: ServerResponse, events: readonly SentEvent[]): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const { event, data } of events)
    response.write(`${event === undefined ? "" : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`);
  response.end();
}

async function readJson(request: IncomingMessage): Promise<Json> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}
