/** tools/list past the SDK, both eras on one route. */
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { FastifyRequest } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { looksModern } from "../../src/http/routes/era.ts";
import { legacyToolsList } from "../../src/http/routes/fast-list.ts";
import { CALLER, fakeRegistry, text } from "../mcp-adapters/fake-registry.ts";
import { modernRequest } from "../mcp-adapters/modern-request.ts";
import { startApp, type Started } from "./start-app.ts";
import { INITIALIZE } from "./legacy/wire.ts";

const REGISTRY = fakeRegistry();

describe("the stateless legacy list", () => {
  const BODY = { jsonrpc: "2.0", id: "a", method: "tools/list" };
  const HEADERS = { accept: "application/json, text/event-stream", "mcp-protocol-version": "2025-11-25" };
  const quick = (body: unknown, headers: Record<string, string | undefined> = HEADERS, method = "POST") =>
    legacyToolsList({ method, headers, body } as unknown as FastifyRequest, CALLER, REGISTRY);

  it.each([
    ["a text", BODY],
    ["a number", { ...BODY, id: 7, params: {} }],
    ["a text, beside a token for progress", { ...BODY, params: { _meta: { progressToken: 1 } } }],
  ])("is the registry's text with the request's id: %s", (_what, body) => {
    expect(JSON.parse(String(quick(body)))).toEqual({
      jsonrpc: "2.0",
      id: body.id,
      result: JSON.parse(REGISTRY.listTools(CALLER)),
    });
  });

  const cases: readonly (readonly [
    what: string,
    body: unknown,
    headers?: Record<string, string | undefined>,
    method?: string,
  ])[] = [
    ["a cursor", { ...BODY, params: { cursor: "x" } }],
    ["parameters that are a list", { ...BODY, params: [] }],
    ["parameters that are null", { ...BODY, params: null }],
    ["a notification", { jsonrpc: "2.0", method: "tools/list" }],
    ["an id that is null", { ...BODY, id: null }],
    ["an id that is a fraction", { ...BODY, id: 1.5 }],
    ["another version of JSON-RPC", { ...BODY, jsonrpc: "1.0" }],
    ["another method", { ...BODY, method: "tools/call" }],
    ["an array", [BODY]],
    ["a session", BODY, { ...HEADERS, "mcp-session-id": "x" }],
    ["a client that takes no stream", BODY, { ...HEADERS, accept: "application/json" }],
    ["a client that takes anything", BODY, { ...HEADERS, accept: "*/*" }],
    ["an unknown revision", BODY, { ...HEADERS, "mcp-protocol-version": "1999-01-01" }],
    ["a GET", BODY, HEADERS, "GET"],
  ];
  it.each(cases.map(([what, body, headers = HEADERS, method = "POST"]) => [what, body, headers, method] as const))(
    "leaves %s to the endpoint",
    (_what, body, headers, method) => {
      expect(quick(body, headers, method)).toBeUndefined();
    },
  );
});

describe("a request", () => {
  const claim = { _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" } };
  const cases: readonly (readonly [
    what: string,
    modern: boolean,
    method: string,
    headers: Record<string, string>,
    body: unknown,
  ])[] = [
    ["with the header", true, "POST", { "mcp-protocol-version": "2026-07-28" }, {}],
    ["with a later header", true, "POST", { "mcp-protocol-version": "2099-01-01" }, {}],
    ["with the claim", true, "POST", {}, { params: claim }],
    ["with the claim in an array", true, "POST", {}, [{ params: claim }]],
    [
      "with a malformed claim",
      true,
      "POST",
      {},
      { params: { _meta: { "io.modelcontextprotocol/protocolVersion": 7 } } },
    ],
    ["with a legacy header", false, "POST", { "mcp-protocol-version": "2025-11-25" }, {}],
    ["with neither", false, "POST", {}, { params: { _meta: { progressToken: 1 } } }],
    ["without a body", false, "POST", {}, null],
    ["with the header on a GET", false, "GET", { "mcp-protocol-version": "2026-07-28" }, null],
  ];
  it.each(cases)("%s looks modern: %s", (_what, modern, method, headers, body) => {
    expect(looksModern({ method, headers, body } as never)).toBe(modern);
  });
});

describe("one route", () => {
  let server: Started;
  beforeAll(async () => {
    const schema = { type: "object", properties: { sure: { type: "boolean" } } };
    const served = fakeRegistry({
      echo: (args) => text(args),
      ask: async (_args, link) => text(await link.elicit?.("Sure?", schema)),
    });
    server = await startApp({ sessionMode: "stateless" }, { served });
  });
  afterAll(() => server.stop());

  it("serves the SDK's own client in 2026-07-28, questions included", async () => {
    const client = new Client(
      { name: "test", version: "1" },
      { versionNegotiation: { mode: { pin: "2026-07-28" } }, capabilities: { elicitation: { form: {} } } },
    );
    const asked: unknown[] = [];
    client.setRequestHandler("elicitation/create", async ({ params }) => {
      asked.push(params.message);
      return { action: "accept", content: { sure: true } };
    });
    await client.connect(new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`)));
    expect(client.getNegotiatedProtocolVersion()).toBe("2026-07-28");
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["echo", "ask"]);
    expect((await client.callTool({ name: "echo", arguments: { a: [null, "", 1.5] } })).content).toEqual(
      text('{"a":[null,"",1.5]}').content,
    );
    expect((await client.callTool({ name: "ask", arguments: {} })).content).toEqual(
      text({ action: "accept", content: { sure: true } }).content,
    );
    expect(asked).toEqual(["Sure?"]);
    await client.close();
  });

  it("answers each era in its own words", async () => {
    const { request, body } = modernRequest("tools/list");
    const modern = await fetch(`${server.url}/mcp`, {
      method: "POST",
      headers: request.headers,
      body: JSON.stringify(body),
    });
    const legacy = await fetch(`${server.url}/mcp`, {
      method: "POST",
      body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
      headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
    });
    const [one, other] = (await Promise.all([modern.json(), legacy.json()])) as { result: Record<string, unknown> }[];
    expect([one?.result["resultType"], other?.result["resultType"]]).toEqual(["complete", undefined]);
    expect(one?.result["tools"]).toEqual(other?.result["tools"]);
    expect(legacy.headers.get("content-type")).toBe("application/json; charset=utf-8");
  });

  it("hands a modern header on initialize to the modern era, which refuses it", async () => {
    const response = await fetch(`${server.url}/mcp`, {
      method: "POST",
      body: JSON.stringify(INITIALIZE),
      headers: { "content-type": "application/json", "mcp-protocol-version": "2026-07-28" },
    });
    expect([response.status, ((await response.json()) as { error: { code: number } }).error.code]).toEqual([
      400, -32020,
    ]);
  });
});
