/** What a collector gets: metrics, the log, spans of failures, and nothing secret. */
import { describe, expect, test } from "vitest";
import { call, INITIALIZE, listening } from "../e2e/built-server.ts";
import { HTTP, listConfigs, post, settingsFor, findToolSpan, useTracedServer, type Json } from "./traced-server.ts";

const { server, collector, portkey } = useTracedServer();

describe("what is sent", () => {
  test("metrics by the conventions, the log's lines, and who sends them", async () => {
    const seen = await collector();
    const { env } = await portkey();
    const running = server.start(["http"], {
      ...env,
      ...settingsFor(seen),
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
    await running.stop();

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
    expect(findToolSpan(seen)?.attributes["mcp.session.id"]).toBe(session["mcp-session-id"].slice(0, 8));
    expect(seen.logs).toContainEqual(expect.objectContaining({ severity: "info", body: "listening" }));
    expect(seen.logs).toContainEqual(
      expect.objectContaining({ severity: "warn", body: expect.stringContaining("PORTKEY_NO_SUCH") }),
    );
    const sender = { "service.name": "portkey-tools", "deployment.environment": "test" };
    expect(seen.resources).toMatchObject(seen.resources.map(() => sender));
    const headersSent = { authorization: "Bearer collector", "content-encoding": "gzip" };
    expect(seen.requests.map((request) => request.headers)).toMatchObject(seen.requests.map(() => headersSent));
    expect([seen.resources.length, seen.requests.length]).not.toContain(0);
  });

  test("the type of the error of each call that fails", async () => {
    const failures: [Json, Json][] = [
      [listConfigs(), { "error.type": "tool_error", "portkey.error.code": "PORTKEY" }],
      [call(8, "get_config", { nope: 1 }), { "portkey.error.code": "BAD_INPUT" }],
      [call(9, "sk-secret-tool"), { "error.type": "-32602" }],
      [{ id: 10, method: "sk-secret/method" }, { "error.type": "-32601" }],
    ];
    const seen = await collector();
    const { env } = await portkey(403);
    const running = server.start([], { ...env, ...settingsFor(seen) });
    running.send(INITIALIZE, ...failures.map(([message]) => message));
    for (const [{ id }] of failures) await running.answer(id);
    await running.end();
    const spans = failures.map(([{ id }]) =>
      seen.spans.find((one) => one.attributes["jsonrpc.request.id"] === String(id)),
    );
    expect(spans).toMatchObject(failures.map(([, attributes]) => ({ failed: true, attributes })));
  });

  test("a Portkey that cannot be reached is told by its error's code, and each try is a span", async () => {
    const seen = await collector();
    const running = server.start([], {
      PORTKEY_API_KEY: "k",
      PORTKEY_BASE_URL: "http://127.0.0.1:1",
      PORTKEY_ALLOW_PRIVATE_BASE_URL: "true",
      PORTKEY_ALLOW_INSECURE_HTTP: "true",
      PORTKEY_MAX_RETRIES: "1",
      ...settingsFor(seen),
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
      ...settingsFor(seen),
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
    await running.stop();
    expect(requests.length).toBeGreaterThan(3);
    expect(seen.spans.length).toBeGreaterThan(planted.length);
    expect(seen.requests.filter(({ text }) => text.includes(secret)).map(({ path, text }) => [path, text])).toEqual([]);
  });
});
