/** A client's forms of "nothing" mean the same as their absence: on both transports, in both eras. */
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLegacyEndpoint } from "../../src/http/legacy/create-endpoint.ts";
import { silentLog } from "../../src/log/log.ts";
import { serveStdio } from "../../src/stdio/serve-stdio.ts";
import { CALLER, fakeRegistry, text } from "../mcp-adapters/fake-registry.ts";
import { envelope, REVISION } from "../mcp-adapters/modern-request.ts";
import { httpConfig } from "./http-config.ts";
import { startApp, type Started } from "./start-app.ts";
import { firstMessage } from "../event-data.ts";

type Json = Readonly<Record<string, unknown>>;
interface Answer {
  readonly result?: Json;
  readonly error?: { readonly code: number; readonly message: string };
}

const registry = fakeRegistry({
  echo: (args) => text(args),
  report: (_args, link) => text(link.progress === undefined ? "silent" : "reports"),
});

let server: Started;
beforeAll(async () => {
  const http = httpConfig({ sessionMode: "stateless" });
  server = await startApp(http, {
    served: registry,
    legacy: () => createLegacyEndpoint({ registry, http, log: silentLog }),
  });
});
afterAll(() => server.stop());

async function overHttp(method: string, params: Json | undefined, headers: Readonly<Record<string, string>>) {
  const response = await fetch(`${server.url}/mcp`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, ...(params && { params }) }),
  });
  return firstMessage(await response.text()) as Answer;
}

/** The answer to the last of `messages`, all of them sent to a fresh server over pipes. */
async function overStdio(messages: readonly Json[]): Promise<Answer> {
  const input = new PassThrough();
  const output = new PassThrough();
  const stdio = serveStdio({ input, output, registry, caller: CALLER, onDefect: () => undefined });
  const answered = new Promise<Answer>((resolve) => {
    let rest = "";
    output.on("data", (chunk: Buffer) => {
      rest += chunk.toString();
      const line = rest.split("\n").find((each) => each.includes('"id":1'));
      if (line !== undefined) resolve(JSON.parse(line) as Answer);
    });
  });
  for (const message of messages) input.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const answer = await answered;
  stdio.stop();
  return answer;
}

const initialize = {
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } },
};

const nameOf = (params: Json) => params["name"] as string | undefined;
const withEnvelope = (params: Json): Json => ({ ...params, _meta: { ...envelope(), ...(params["_meta"] as Json) } });

/** How a request is asked on each way in; the modern era always has a `_meta` of its own. */
const WAYS: Readonly<Record<string, (method: string, params: Json) => Promise<Answer>>> = {
  "legacy HTTP": (method, params) => overHttp(method, params, {}),
  "modern HTTP": (method, params) => {
    const name = nameOf(params);
    const named: Record<string, string> = name === undefined ? {} : { "mcp-name": name };
    const headers = { "mcp-protocol-version": REVISION, "mcp-method": method, ...named };
    return overHttp(method, withEnvelope(params), headers);
  },
  "legacy stdio": (method, params) => overStdio([initialize, { id: 1, method, params }]),
  "modern stdio": (method, params) => overStdio([{ id: 1, method, params: withEnvelope(params) }]),
};

const REQUESTS: readonly (readonly [method: string, nothing: Json, plain: Json])[] = [
  ...["tools/list", "prompts/list", "resources/list", "resources/templates/list"].flatMap((method) => [
    [method, { cursor: null }, {}] as const,
    [method, { cursor: "" }, {}] as const,
    [method, { cursor: null, _meta: null }, {}] as const,
    [method, { _meta: { progressToken: null } }, {}] as const,
  ]),
  ["tools/call", { name: "echo", arguments: null }, { name: "echo" }],
  ["tools/call", { name: "echo", arguments: { a: 1 }, _meta: null }, { name: "echo", arguments: { a: 1 } }],
  ["tools/call", { name: "report", _meta: { progressToken: "" } }, { name: "report" }],
  ["tools/call", { name: "report", _meta: { progressToken: null } }, { name: "report" }],
  [
    "prompts/get",
    { name: "greet", arguments: { who: "Ada", style: null } },
    { name: "greet", arguments: { who: "Ada" } },
  ],
];

describe.each(Object.keys(WAYS))("over %s", (way) => {
  const ask = WAYS[way] as (method: string, params: Json) => Promise<Answer>;
  test.each(REQUESTS)("%s with %j is answered as without", async (method, nothing, plain) => {
    const answer = await ask(method, nothing);
    expect(answer.error).toBeUndefined();
    expect(answer).toEqual(await ask(method, plain));
  });

  test("a cursor that was never given out is still an error, as is a token that is none", async () => {
    expect((await ask("tools/list", { cursor: "x" })).error?.message).toContain("cursor: unknown");
    expect((await ask("tools/call", { name: "echo", _meta: { progressToken: [1] } })).error?.code).toBeLessThan(0);
  });
});
