import { afterEach, describe, expect, it } from "vitest";
import { createModernHandler, type ModernHandler } from "../../src/mcp/modern/modern-http.ts";
import type { ModernOptions } from "../../src/mcp/modern/modern.ts";
import type { Caller, Registry } from "../../src/mcp/registry.ts";
import { RpcError } from "../../src/mcp/rpc-error.ts";
import { CALLER, callerNamed, fakeRegistry, text } from "./fake-registry.ts";
import { envelope, modernRequest, type Sent } from "./modern-request.ts";
import { eventData } from "../event-data.ts";

const open: ModernHandler[] = [];
afterEach(async () => {
  for (const handler of open.splice(0)) await handler.close();
});

function serve(registry: Registry = fakeRegistry(), options?: ModernOptions) {
  const handler = createModernHandler(registry, options);
  open.push(handler);
  return async ({ request, body }: Sent, caller: Caller = CALLER) => {
    const response = await handler.handle(request, body, caller);
    const answer = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") ?? false;
    return {
      status: response.status,
      type: response.headers.get("content-type"),
      answer,
      json: isJson ? JSON.parse(answer) : undefined,
    };
  };
}

const SERVER = { "io.modelcontextprotocol/serverInfo": { name: "fake", version: "1.0.0", title: "Fake" } };
const LIST = { ttlMs: 300_000, cacheScope: "private", resultType: "complete", _meta: SERVER };

describe("the modern adapter answers", () => {
  const cases: readonly (readonly [method: string, params: Record<string, unknown>, result: unknown])[] = [
    [
      "tools/list",
      {},
      { tools: [{ name: "echo", description: "echo", inputSchema: { type: "object", properties: {} } }], ...LIST },
    ],
    [
      "tools/call",
      { name: "echo", arguments: { a: null } },
      { content: [{ type: "text", text: '{"a":null}' }], resultType: "complete", _meta: SERVER },
    ],
    ["prompts/list", {}, { prompts: [{ name: "greet", arguments: [{ name: "who", required: true }] }], ...LIST }],
    [
      "prompts/get",
      { name: "greet", arguments: { who: "you" } },
      {
        messages: [{ role: "user", content: { type: "text", text: "Hello you" } }],
        resultType: "complete",
        _meta: SERVER,
      },
    ],
    ["resources/list", {}, { resources: [{ uri: "fake://one", name: "one" }], ...LIST }],
    ["resources/templates/list", {}, { resourceTemplates: [{ uriTemplate: "fake://{id}", name: "any" }], ...LIST }],
    ["resources/read", { uri: "fake://one" }, { contents: [{ uri: "fake://one", text: "body" }], ...LIST, ttlMs: 0 }],
    [
      "completion/complete",
      { ref: { type: "ref/prompt", name: "greet" }, argument: { name: "who", value: "a" } },
      { completion: { values: ["a!"], total: 1, hasMore: false }, resultType: "complete", _meta: SERVER },
    ],
    [
      "server/discover",
      {},
      {
        ...LIST,
        ttlMs: 0,
        supportedVersions: ["2026-07-28"],
        capabilities: { tools: {}, prompts: {}, resources: {}, completions: {}, logging: {} },
        instructions: "for local",
      },
    ],
  ];
  it.each(cases)("%s %j", async (method, params, result) => {
    const { status, json } = await serve()(modernRequest(method, params));
    expect({ status, json }).toEqual({ status: 200, json: { jsonrpc: "2.0", id: 1, result } });
  });
});

describe("the modern adapter refuses", () => {
  const bare = (meta: Record<string, unknown> | undefined, headers = {}): Sent => {
    const sent = modernRequest("tools/list", {}, {}, { headers });
    return { ...sent, body: { ...sent.body, params: meta === undefined ? {} : { _meta: meta } } };
  };
  const without = (key: string) =>
    Object.fromEntries(Object.entries(envelope()).filter(([name]) => !name.endsWith(key)));
  const headerless = (name: string, sent = modernRequest("tools/call", { name: "echo" })): Sent => {
    const headers = new Headers(sent.request.headers);
    headers.delete(name);
    return { ...sent, request: new Request(sent.request.url, { method: "POST", headers }) };
  };
  const cases: readonly (readonly [what: string, sent: Sent, status: number, code: number])[] = [
    ["an unknown tool", modernRequest("tools/call", { name: "nobody" }), 200, -32602],
    ["a wrong parameter", modernRequest("tools/call", { name: "echo", arguments: [] }), 200, -32602],
    ["an absent resource", modernRequest("resources/read", { uri: "other://x" }), 200, -32602],
    ["an unknown method", modernRequest("tools/teleport"), 404, -32601],
    ["initialize", modernRequest("initialize"), 404, -32601],
    ["ping", modernRequest("ping"), 404, -32601],
    ["logging/setLevel", modernRequest("logging/setLevel", { level: "info" }), 404, -32601],
    ["no _meta", bare(undefined), 400, -32602],
    ["no version", bare(without("protocolVersion")), 400, -32602],
    ["no capabilities", bare(without("clientCapabilities")), 400, -32602],
    ["another version in the header", bare(envelope(), { "mcp-protocol-version": "2025-11-25" }), 400, -32020],
    ["another method in the header", bare(envelope(), { "mcp-method": "tools/call" }), 400, -32020],
    ["no method header", headerless("mcp-method"), 400, -32020],
    ["no name header", headerless("mcp-name"), 400, -32020],
    [
      "an unknown revision",
      bare(
        { ...envelope(), "io.modelcontextprotocol/protocolVersion": "2099-01-01" },
        { "mcp-protocol-version": "2099-01-01" },
      ),
      400,
      -32022,
    ],
  ];
  it.each(cases)("%s", async (_what, sent, status, code) => {
    const got = await serve()(sent);
    expect({ status: got.status, code: got.json?.error?.code, id: got.json?.id }).toEqual({ status, code, id: 1 });
  });

  it("names the absent resource and the revisions there are", async () => {
    const absent = await serve()(modernRequest("resources/read", { uri: "other://x" }));
    expect(absent.json.error).toEqual({
      code: -32602,
      message: "No resource other://x.",
      data: { code: "BAD_INPUT", uri: "other://x" },
    });
    const { json } = await serve()(cases[cases.length - 1]![1]);
    expect(json.error.data).toEqual({ supported: ["2026-07-28"], requested: "2099-01-01" });
  });

  it("answers an undeclared capability with 400 and what it needs", async () => {
    const needs = fakeRegistry({
      needs: () => {
        throw new RpcError(-32021, "needs sampling", { requiredCapabilities: { sampling: {} } });
      },
    });
    const got = await serve(needs)(modernRequest("tools/call", { name: "needs" }));
    expect([got.status, got.json.error]).toEqual([
      400,
      { code: -32021, message: "needs sampling", data: { requiredCapabilities: { sampling: {} } } },
    ]);
  });

  it("tells an unexpected error to the log and not to the client", async () => {
    const seen: unknown[] = [];
    const failing = fakeRegistry({
      fail: () => {
        throw new TypeError("secret in here");
      },
    });
    const got = await serve(failing, { onUnexpected: (error) => seen.push(String(error)) })(
      modernRequest("tools/call", { name: "fail" }),
    );
    expect([got.json.error.code, got.answer.includes("secret"), seen]).toEqual([
      -32603,
      false,
      ["TypeError: secret in here"],
    ]);
  });
});

describe("the modern adapter reports", () => {
  const busy = fakeRegistry({
    busy: (_args, link) => {
      link.progress?.(1, 2, "half");
      link.log?.("info", "hello");
      return text("done");
    },
  });

  it("progress as an event stream that ends with the result", async () => {
    const got = await serve(busy)(modernRequest("tools/call", { name: "busy", _meta: { progressToken: "t" } }));
    expect(got.type).toBe("text/event-stream");
    expect(eventData(got.answer)).toMatchObject([
      { method: "notifications/progress", params: { progressToken: "t", progress: 1, total: 2, message: "half" } },
      { id: 1, result: { content: [{ type: "text", text: "done" }], resultType: "complete" } },
    ]);
  });

  it("log messages only from the level the request names", async () => {
    const level = (value: string) =>
      modernRequest("tools/call", { name: "busy", _meta: { "io.modelcontextprotocol/logLevel": value } });
    expect(eventData((await serve(busy)(level("info"))).answer)[0]).toMatchObject({
      method: "notifications/message",
      params: { level: "info", data: "hello", logger: "fake" },
    });
    expect((await serve(busy)(level("error"))).type).toBe("application/json");
    expect((await serve(busy)(modernRequest("tools/call", { name: "busy" }))).type).toBe("application/json");
  });

  it("cancels the call whose client has gone", async () => {
    let stopped: () => void = () => undefined;
    const done = new Promise<void>((resolve) => {
      stopped = resolve;
    });
    const leave = new AbortController();
    const waiting = fakeRegistry({
      wait: (_args, link) =>
        new Promise((resolve) => {
          link.signal.addEventListener("abort", () => {
            stopped();
            resolve(text("stopped"));
          });
          setImmediate(() => leave.abort());
        }),
    });
    const got = await serve(waiting)(modernRequest("tools/call", { name: "wait" }, {}, { signal: leave.signal }));
    expect(got.status).toBe(499);
    await done;
  });

  it("to each caller what is theirs", async () => {
    const who = fakeRegistry({ who: (_a, _l, caller) => text(caller.principal) });
    const ask = serve(who);
    const both = await Promise.all(
      ["alice", "bob"].map((name) => ask(modernRequest("tools/call", { name: "who" }), callerNamed(name))),
    );
    expect(both.map(({ json }) => json.result.content[0].text)).toEqual(["alice", "bob"]);
  });
});
