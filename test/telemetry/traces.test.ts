/** What a client, Portkey and a collector each see of a call's trace. */
import { describe, expect, test } from "vitest";
import { call, INITIALIZE, listening, type Running } from "../e2e/built-server.ts";
import type { Collector, Span } from "./collector.ts";
import {
  HTTP,
  listConfigs,
  PARENT,
  post,
  settingsFor,
  findToolSpan,
  TRACE,
  traceparent,
  useTracedServer,
  type Json,
} from "./traced-server.ts";

const { server, collector, portkey } = useTracedServer();

const OTHER_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const otherTraceparent = `00-${OTHER_TRACE}-00f067aa0ba902b7-01`;

const MODERN_META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};
const MODERN_HEADERS = { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "list_configs" };

async function overHttp(running: Running, message: Json, headers: Record<string, string> = {}): Promise<Json> {
  return post(await listening(running), message, headers);
}

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
    const answer = await run({ ...env, ...settingsFor(seen), OTEL_EXPORTER_OTLP_PROTOCOL: protocol });
    const span = await seen.wait(findToolSpan);
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
    const running = server.start(["http"], { ...env, ...settingsFor(seen), ...HTTP });
    await overHttp(running, listConfigs({ traceparent }), { traceparent: otherTraceparent });
    expect(await seen.wait(findToolSpan)).toMatchObject({
      traceId: TRACE,
      parentSpanId: PARENT,
      links: [{ traceId: OTHER_TRACE, spanId: "00f067aa0ba902b7" }],
    });
  });

  test("a traceparent that is none begins a trace of its own", async () => {
    const none = [7, { a: 1 }, `00-${"0".repeat(32)}-${PARENT}-01`, "ff-x", "sk-secret-value", "0".repeat(1_000_000)];
    const seen = await collector();
    const { env } = await portkey();
    const running = server.start([], { ...env, ...settingsFor(seen) });
    running.send(INITIALIZE);
    const answers: unknown[] = [];
    for (const [id, value] of none.entries()) {
      running.send({ ...listConfigs({ traceparent: value }), id: 10 + id });
      answers.push(await running.answer(10 + id));
    }
    expect(answers).toMatchObject(none.map(() => ({ result: { content: expect.anything() } })));
    await running.end();
    const calls = seen.spans.filter(({ name }) => name === "tools/call list_configs");
    expect(calls.map(({ parentSpanId }) => parentSpanId)).toEqual(none.map(() => ""));
    expect(new Set(calls.map(({ traceId }) => traceId)).size).toBe(none.length);
  });

  test("a completion carries it to Portkey's own log, and baggage only where that is asked for", async () => {
    const seen = await collector();
    const { env, seen: requests } = await portkey();
    const meta = { traceparent, baggage: "user=alice" };
    const completion = call(1, "run_prompt_completion", { prompt_id: "pp", variables: {} });
    const message = { ...completion, params: { ...(completion["params"] as Json), _meta: meta } };
    for (const propagators of ["", "tracecontext,baggage"]) {
      const running = server.start([], { ...env, ...settingsFor(seen), OTEL_PROPAGATORS: propagators });
      running.send(INITIALIZE, message);
      await running.answer(1);
      await running.end();
    }
    const span = findToolSpan(seen) as Span;
    expect(requests[0]?.headers).toMatchObject({
      "x-portkey-trace-id": TRACE,
      "x-portkey-parent-span-id": span.spanId,
    });
    expect(requests.map(({ headers }) => headers["baggage"])).toEqual([undefined, "user=alice"]);
  });

  test("the audit line names the trace and the span", async () => {
    const seen = await collector();
    const { env } = await portkey();
    const running = server.start(["http"], { ...env, ...settingsFor(seen), ...HTTP });
    await overHttp(running, listConfigs({ traceparent }));
    const span = await seen.wait(findToolSpan);
    const { stderr } = await running.stop();
    const line = stderr.split("\n").find((text) => text.includes('"audit":"tool_call"')) ?? "{}";
    expect(JSON.parse(line)).toMatchObject({ trace_id: TRACE, span_id: span.spanId });
  });
});
