/** The built server as it is run, Portkey and a collector behind sockets: what each of them sees of a trace. */
import { readdir, rename } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { call, INITIALIZE, listening, useBuiltServer, useUpstream, type Running } from "../e2e/built-server.ts";
import { startForwardProxy } from "../e2e/forward-proxy.ts";
import { useCollector, type Collector, type Span } from "./collector.ts";

type Json = Record<string, unknown>;

const server = useBuiltServer();
const upstream = useUpstream();
const collector = useCollector();

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";
const OTHER_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const traceparent = `00-${TRACE}-${PARENT}-01`;
const otherTraceparent = `00-${OTHER_TRACE}-00f067aa0ba902b7-01`;
/** Spans come as they end, not after the usual five seconds. */
const SOON = { OTEL_BSP_SCHEDULE_DELAY: "10", OTEL_METRIC_EXPORT_INTERVAL: "100" };

/** A Portkey that answers each request with `status`, and what it was sent. */
async function portkey(status = 200) {
  const seen: { url: string; headers: IncomingHttpHeaders }[] = [];
  const env = await upstream((request, response) => {
    seen.push({ url: request.url ?? "", headers: request.headers });
    response
      .writeHead(status, { "content-type": "application/json" })
      .end(status === 200 ? '{"success":true,"data":[]}' : '{"success":false,"data":{"message":"no"}}');
  });
  return { env, seen };
}

function to({ url }: Collector): Record<string, string> {
  return { ...SOON, OTEL_EXPORTER_OTLP_ENDPOINT: url };
}

async function overHttp(running: Running, message: Json, headers: Record<string, string> = {}): Promise<Json> {
  return post(await listening(running), message, headers);
}

async function post(url: string, message: Json, headers: Record<string, string>): Promise<Json> {
  const response = await fetch(`${url}/mcp`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers },
    body: JSON.stringify({ jsonrpc: "2.0", ...message }),
  });
  const text = await response.text();
  return JSON.parse(/^data: (\{.*)$/m.exec(text)?.[1] ?? text) as Json;
}

const HTTP = { MCP_PORT: "0", MCP_SESSION_MODE: "stateless" };
const MODERN_META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};
const MODERN_HEADERS = { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "list_configs" };

function listConfigs(meta: Json = {}): Json {
  return { id: 7, method: "tools/call", params: { name: "list_configs", arguments: {}, _meta: meta } };
}

const toolSpan = ({ spans }: Collector) => spans.find(({ name }) => name.startsWith("tools/call"));
const portkeySpan = ({ spans }: Collector) => spans.find(({ kind }) => kind === "client");

describe("a call's trace goes from the client to Portkey", () => {
  const ways: [string, string, (env: Record<string, string>) => Promise<Json>][] = [
    [
      "stdio, protobuf",
      "http/protobuf",
      async (env) => {
        const running = server.start([], env);
        running.send(INITIALIZE, listConfigs({ traceparent, tracestate: "a=b" }));
        return running.answer(7);
      },
    ],
    [
      "stdio, 2026-07-28, JSON",
      "http/json",
      async (env) => {
        const running = server.start([], env);
        running.send(listConfigs({ ...MODERN_META, traceparent, tracestate: "a=b" }));
        return running.answer(7);
      },
    ],
    [
      "HTTP, trace in _meta",
      "http/json",
      (env) => overHttp(server.start(["http"], { ...env, ...HTTP }), listConfigs({ traceparent, tracestate: "a=b" })),
    ],
    [
      "HTTP, trace in the headers",
      "http/protobuf",
      (env) => overHttp(server.start(["http"], { ...env, ...HTTP }), listConfigs(), { traceparent, tracestate: "a=b" }),
    ],
    [
      "HTTP, 2026-07-28, trace in the headers",
      "http/protobuf",
      (env) =>
        overHttp(server.start(["http"], { ...env, ...HTTP }), listConfigs(MODERN_META), {
          ...MODERN_HEADERS,
          traceparent,
          tracestate: "a=b",
        }),
    ],
  ];
  test.each(ways)("%s", async (_title, protocol, run) => {
    const seen = await collector();
    const { env, seen: requests } = await portkey();
    const answer = await run({ ...env, ...to(seen), OTEL_EXPORTER_OTLP_PROTOCOL: protocol });
    const span = await seen.wait(toolSpan);
    const request = await seen.wait(portkeySpan);

    expect(span).toMatchObject({
      name: "tools/call list_configs",
      kind: "server",
      traceId: TRACE,
      parentSpanId: PARENT,
      failed: false,
      attributes: {
        "mcp.method.name": "tools/call",
        "gen_ai.tool.name": "list_configs",
        "gen_ai.operation.name": "execute_tool",
        "jsonrpc.request.id": "7",
      },
    });
    expect(request).toMatchObject({
      name: "GET /configs",
      traceId: TRACE,
      parentSpanId: span.spanId,
      attributes: { "http.request.method": "GET", "url.template": "/configs", "http.response.status_code": 200 },
    });
    expect(requests[0]?.headers).toMatchObject({
      traceparent: `00-${TRACE}-${request.spanId}-01`,
      tracestate: "a=b",
    });
    expect(requests[0]?.headers).not.toHaveProperty("x-portkey-trace-id");
    expect(answer).toMatchObject({ result: { _meta: { traceparent: `00-${TRACE}-${span.spanId}-01` } } });
    const type = protocol === "http/json" ? "application/json" : "application/x-protobuf";
    expect(new Set(seen.requests.map(({ headers }) => headers["content-type"]))).toEqual(new Set([type]));
  });

  test("the message's trace goes before the connection's, which is linked", async () => {
    const seen = await collector();
    const { env } = await portkey();
    const running = server.start(["http"], { ...env, ...to(seen), ...HTTP });
    await overHttp(running, listConfigs({ traceparent }), { traceparent: otherTraceparent });
    expect(await seen.wait(toolSpan)).toMatchObject({
      traceId: TRACE,
      parentSpanId: PARENT,
      links: [{ traceId: OTHER_TRACE, spanId: "00f067aa0ba902b7" }],
    });
  });

  test.each<[string, unknown]>([
    ["a number", 7],
    ["an object", { a: 1 }],
    ["zeros", `00-${"0".repeat(32)}-${PARENT}-01`],
    ["no trace at all", "ff-x"],
    ["a secret", "sk-secret-value"],
    ["a megabyte", "0".repeat(1_000_000)],
  ])("a traceparent that is %s begins a trace of its own", async (_title, value) => {
    const seen = await collector();
    const { env } = await portkey();
    const running = server.start([], { ...env, ...to(seen) });
    running.send(INITIALIZE, listConfigs({ traceparent: value }));
    expect(await running.answer(7)).toHaveProperty("result.content");
    expect(await seen.wait(toolSpan)).toMatchObject({ parentSpanId: "" });
  });

  test("a completion carries it to Portkey's own log, and baggage only where that is asked for", async () => {
    const seen = await collector();
    const { env, seen: requests } = await portkey();
    const meta = { traceparent, baggage: "user=alice" };
    const completion = call(1, "run_prompt_completion", { prompt_id: "pp", variables: {} });
    const message = { ...completion, params: { ...(completion["params"] as Json), _meta: meta } };
    for (const propagators of ["", "tracecontext,baggage"]) {
      const running = server.start([], { ...env, ...to(seen), OTEL_PROPAGATORS: propagators });
      running.send(INITIALIZE, message);
      await running.answer(1);
      await running.end();
    }
    const span = toolSpan(seen) as Span;
    expect(requests[0]?.headers).toMatchObject({
      "x-portkey-trace-id": TRACE,
      "x-portkey-parent-span-id": span.spanId,
    });
    expect(requests.map(({ headers }) => headers["baggage"])).toEqual([undefined, "user=alice"]);
  });

  test("the audit line names the trace and the span", async () => {
    const seen = await collector();
    const { env } = await portkey();
    const running = server.start(["http"], { ...env, ...to(seen), ...HTTP });
    await overHttp(running, listConfigs({ traceparent }));
    const span = await seen.wait(toolSpan);
    running.process.kill("SIGTERM");
    const { stderr } = await running.ended;
    const line = stderr.split("\n").find((text) => text.includes('"audit":"tool_call"')) ?? "{}";
    expect(JSON.parse(line)).toMatchObject({ trace_id: TRACE, span_id: span.spanId });
  });
});

describe("what is sent", () => {
  test("metrics by the conventions, the log's lines, and who sends them", async () => {
    const seen = await collector();
    const { env } = await portkey();
    const running = server.start(["http"], {
      ...env,
      ...to(seen),
      MCP_PORT: "0",
      PORTKEY_NO_SUCH: "1",
      OTEL_SERVICE_NAME: "portkey-tools",
      OTEL_RESOURCE_ATTRIBUTES: "deployment.environment=test",
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20collector",
      OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
      OTEL_BLRP_SCHEDULE_DELAY: "10",
    });
    const url = await listening(running);
    const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
    const send = (body: Json, more = {}) =>
      fetch(`${url}/mcp`, {
        method: "POST",
        headers: { ...headers, ...more },
        body: JSON.stringify({ jsonrpc: "2.0", ...body }),
      });
    const opened = await send(INITIALIZE);
    const session = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
    await (await send(listConfigs(), session)).text();
    await (await send({ id: 8, method: "tools/list", params: {} }, session)).text();
    await fetch(`${url}/mcp`, { method: "DELETE", headers: { ...headers, ...session } });
    running.process.kill("SIGTERM");
    await running.ended;

    const points = (name: string) => seen.metrics.filter((metric) => metric.name === name).at(-1)?.points ?? [];
    const methods = points("mcp.server.operation.duration").map(({ attributes }) => attributes["mcp.method.name"]);
    expect(methods.sort()).toEqual(["initialize", "tools/call", "tools/list"]);
    expect(points("mcp.server.session.duration")).toMatchObject([
      { count: 1, attributes: { "network.transport": "tcp", "mcp.protocol.version": "2025-11-25" } },
    ]);
    expect(points("http.client.request.duration")).toMatchObject([
      { count: 1, attributes: { "url.template": "/configs", "http.response.status_code": 200 } },
    ]);
    expect(new Set(seen.metrics.map(({ unit }) => unit))).toEqual(new Set(["s"]));
    expect(toolSpan(seen)?.attributes["mcp.session.id"]).toBe(session["mcp-session-id"].slice(0, 8));
    expect(seen.logs).toContainEqual(expect.objectContaining({ severity: "info", body: "listening" }));
    expect(seen.logs).toContainEqual(
      expect.objectContaining({ severity: "warn", body: expect.stringContaining("PORTKEY_NO_SUCH") }),
    );
    for (const resource of seen.resources)
      expect(resource).toMatchObject({ "service.name": "portkey-tools", "deployment.environment": "test" });
    for (const request of seen.requests)
      expect(request.headers).toMatchObject({ authorization: "Bearer collector", "content-encoding": "gzip" });
  });

  const failures: [string, Json, number, Json][] = [
    ["Portkey refuses", listConfigs(), 403, { "error.type": "tool_error", "portkey.error.code": "PORTKEY" }],
    ["an argument is wrong", call(7, "get_config", { nope: 1 }), 200, { "portkey.error.code": "BAD_INPUT" }],
    ["there is no such tool", call(7, "sk-secret-tool"), 200, { "error.type": "-32602" }],
    ["there is no such method", { id: 7, method: "sk-secret/method" }, 200, { "error.type": "-32601" }],
  ];
  test.each(failures)("the type of the error where %s", async (_title, message, status, attributes) => {
    const seen = await collector();
    const { env } = await portkey(status);
    const running = server.start([], { ...env, ...to(seen) });
    running.send(INITIALIZE, message);
    await running.answer(7);
    await running.end();
    const span = seen.spans.find((one) => one.attributes["jsonrpc.request.id"] === "7");
    expect(span).toMatchObject({ failed: true, attributes });
  });

  test("a Portkey that cannot be reached is told by its error's code, and each try is a span", async () => {
    const seen = await collector();
    const running = server.start([], {
      PORTKEY_API_KEY: "k",
      PORTKEY_BASE_URL: "http://127.0.0.1:1",
      PORTKEY_ALLOW_PRIVATE_BASE_URL: "true",
      PORTKEY_ALLOW_INSECURE_HTTP: "true",
      PORTKEY_MAX_RETRIES: "1",
      ...to(seen),
    });
    running.send(INITIALIZE, listConfigs());
    await running.answer(7);
    await running.end();
    const tries = seen.spans.filter(({ kind }) => kind === "client");
    expect(tries.map(({ attributes }) => [attributes["error.type"], attributes["http.request.resend_count"]])).toEqual([
      ["ECONNREFUSED", undefined],
      ["ECONNREFUSED", 1],
    ]);
  });

  test("no secret, no argument's value and no id", async () => {
    const seen = await collector();
    const { env, seen: requests } = await portkey(400);
    const secret = "sk-planted-7f3a";
    const planted: Json[] = [
      call(1, "get_config", { slug: secret }),
      call(2, "create_config", { name: secret, config: { [secret]: secret } }),
      call(3, "get_config", { [secret]: secret }),
      call(4, secret, { a: secret }),
      call(5, "describe_tool", { name: secret }),
      { id: 6, method: "prompts/get", params: { name: secret, arguments: { a: secret } } },
      { id: 7, method: "resources/read", params: { uri: `portkey://configs/${secret}` } },
      { id: 8, method: secret, params: { a: secret } },
      call(9, "run_prompt_completion", { prompt_id: secret, metadata: { _user: secret }, variables: { a: secret } }),
      { id: 10, method: "tools/call", params: { name: "list_prompts", arguments: { collection_id: secret } } },
      {
        id: 11,
        method: "completion/complete",
        params: { ref: { type: secret }, argument: { name: "a", value: secret } },
      },
    ];
    const running = server.start(["http"], {
      ...env,
      ...to(seen),
      ...HTTP,
      PORTKEY_API_KEY: secret,
      PORTKEY_BASE_URL: `${env["PORTKEY_BASE_URL"]}`,
      MCP_AUTH_MODE: "bearer",
      MCP_AUTH_TOKEN: `${secret}-0123456789`,
      LOG_LEVEL: "debug",
    });
    const url = await listening(running);
    const authorization = `Bearer ${secret}-0123456789`;
    const wrong = { "mcp-protocol-version": secret, traceparent: secret, tracestate: `a=${secret}` };
    for (const message of planted) {
      await post(url, message, { authorization, ...wrong });
      await post(url, message, { authorization, baggage: `a=${secret}` });
    }
    running.process.kill("SIGTERM");
    await running.ended;
    expect(requests.length).toBeGreaterThan(3);
    expect(seen.spans.length).toBeGreaterThan(planted.length);
    expect(seen.requests.filter(({ text }) => text.includes(secret)).map(({ path, text }) => [path, text])).toEqual([]);
  });
});

describe("a collector that fails", () => {
  test.each([
    ["refuses connections", "http://127.0.0.1:1"],
    ["never answers", undefined],
  ])(
    "and %s slows no call, fails none, holds the end for two seconds at most, and is told once",
    async (_title, url) => {
      const silent = await collector(() => undefined);
      const { env } = await portkey();
      const running = server.start([], { ...env, ...to(silent), OTEL_EXPORTER_OTLP_ENDPOINT: url ?? silent.url });
      running.send(INITIALIZE);
      await running.answer(0);
      const times: number[] = [];
      for (let id = 10; id < 60; id++) {
        const started = performance.now();
        running.send({ ...listConfigs(), id });
        expect(await running.answer(id)).not.toHaveProperty("result.isError");
        times.push(performance.now() - started);
      }
      expect(times.sort((a, b) => a - b)[25]).toBeLessThan(500);
      const ending = performance.now();
      const { code, stderr } = await running.end();
      expect(performance.now() - ending).toBeLessThan(4_000);
      expect(code).toBe(0);
      const told = stderr.split("\n").filter((line) => line.includes("telemetry does not arrive"));
      expect(told.length).toBeGreaterThan(0);
      expect(new Set(told.map((line) => (JSON.parse(line) as Json)["msg"])).size).toBe(told.length);
    },
  );
});

test("a collector beyond a proxy is reached through it", async () => {
  const seen = await collector();
  const proxy = await startForwardProxy();
  const { env } = await portkey();
  const running = server.start([], {
    ...env,
    ...to(seen),
    HTTP_PROXY: `http://ann:secret@${proxy.host}`,
    NO_PROXY: new URL(env["PORTKEY_BASE_URL"] ?? "").host,
  });
  running.send(INITIALIZE, listConfigs());
  await running.answer(7);
  expect(await seen.wait(toolSpan)).toMatchObject({ name: "tools/call list_configs" });
  await running.end();
  await proxy.close();
  expect(proxy.seen).toContainEqual({
    asked: `POST ${seen.url}/v1/traces`,
    authorization: `Basic ${Buffer.from("ann:secret").toString("base64")}`,
  });
});

describe("settings", () => {
  test.each<[string, Record<string, string>, RegExp | undefined]>([
    ["none", {}, undefined],
    ["disabled", { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1", OTEL_SDK_DISABLED: "true" }, undefined],
    ["a name alone", { OTEL_SERVICE_NAME: "x", OTEL_TRACES_SAMPLER: "always_on" }, undefined],
    [
      "gRPC",
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4317", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" },
      /OTEL_EXPORTER_OTLP_PROTOCOL is .{1,3}grpc/,
    ],
    ["no URL", { OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318" }, /OTEL_EXPORTER_OTLP_ENDPOINT must start with http/],
    ["the console", { OTEL_TRACES_EXPORTER: "console" }, /OTEL_TRACES_EXPORTER is .{1,3}console/],
  ])("%s: nothing of it is loaded, and the server works", async (_title, env, warning) => {
    const folder = join(dirname(server.path()), "chunks");
    const chunk = (await readdir(folder)).find((name) => name.startsWith("telemetry-")) as string;
    await rename(join(folder, chunk), join(folder, "away"));
    try {
      const running = server.start(["--sandbox"], env);
      running.send(INITIALIZE, listConfigs({ traceparent }));
      const answer = await running.answer(7);
      expect(answer).toHaveProperty("result.content");
      expect(answer).not.toHaveProperty("result._meta.traceparent");
      const { code, stderr } = await running.end();
      expect(code).toBe(0);
      if (warning === undefined) expect(stderr).toBe("");
      else expect(stderr).toMatch(warning);
    } finally {
      await rename(join(folder, "away"), join(folder, chunk));
    }
  });

  test("a sampler that takes nothing still passes the trace on, as not sampled", async () => {
    const seen = await collector();
    const { env, seen: requests } = await portkey();
    const running = server.start([], { ...env, ...to(seen), OTEL_TRACES_SAMPLER: "always_off" });
    running.send(INITIALIZE, listConfigs({ traceparent }));
    await running.answer(7);
    await running.end();
    expect(requests[0]?.headers["traceparent"]).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
    expect(seen.spans).toEqual([]);
    expect(seen.metrics.length).toBeGreaterThan(0);
  });

  test("only the signals that are asked for are sent", async () => {
    const seen = await collector();
    const { env } = await portkey();
    const running = server.start([], {
      ...env,
      ...SOON,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${seen.url}/v1/traces`,
    });
    running.send(INITIALIZE, listConfigs());
    await running.answer(7);
    await running.end();
    expect(new Set(seen.requests.map(({ path }) => path))).toEqual(new Set(["/v1/traces"]));
  });
});
