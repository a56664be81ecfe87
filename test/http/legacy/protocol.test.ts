/** Streamable HTTP of the legacy revisions, as the wire shows it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { text } from "../../mcp-adapters/fake-registry.ts";
import { serve, type Served } from "./serve.ts";
import { ACCEPT, allEvents, call, get, INITIALIZE, messages, open, post } from "./wire.ts";

let stateful: Served;
let stateless: Served;
const tools = {
  echo: (args: object) => text(args),
  steps: (_args: object, link: { progress?: (done: number) => void }) => {
    for (const step of [1, 2, 3]) link.progress?.(step);
    return text("done");
  },
};
beforeAll(async () => {
  stateful = await serve({ tools });
  stateless = await serve({ tools, http: { sessionMode: "stateless" } });
});
afterAll(async () => {
  await stateful.close();
  await stateless.close();
});

const LIST = { jsonrpc: "2.0", id: 1, method: "tools/list" };

describe("a session", () => {
  it("starts with initialize, which names it, and serves what names it", async () => {
    const answer = await post(stateful.url, INITIALIZE);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      jsonrpc: "2.0",
      id: 0,
      result: { protocolVersion: "2025-11-25", serverInfo: { name: "fake" }, instructions: "for alice" },
    });
    const session = { "mcp-session-id": answer.headers.get("mcp-session-id") as string };
    const list = await post(stateful.url, LIST, session);
    expect(list.headers.get("content-type")).toContain("application/json");
    expect(list.headers.get("mcp-session-id")).toBe(session["mcp-session-id"]);
    expect(await list.json()).toMatchObject({
      jsonrpc: "2.0",
      id: 1,
      result: { tools: [{ name: "echo" }, { name: "steps" }] },
    });
  });

  it("agrees on the newest revision it knows where the client names another", async () => {
    const answer = await post(stateful.url, {
      ...INITIALIZE,
      params: { ...INITIALIZE.params, protocolVersion: "1999-01-01" },
    });
    expect(await answer.json()).toMatchObject({ result: { protocolVersion: "2025-11-25" } });
  });

  it("ends with DELETE, once", async () => {
    const session = await open(stateful.url);
    const end = () => fetch(stateful.url, { method: "DELETE", headers: session });
    expect((await end()).status).toBe(200);
    expect((await end()).status).toBe(404);
    expect((await post(stateful.url, LIST, session)).status).toBe(404);
    expect((await get(stateful.url, session)).status).toBe(404);
  });

  it("is nobody else's", async () => {
    const session = await open(stateful.url);
    const stolen = { ...session, "x-principal": "mallory" };
    const answers = [
      await post(stateful.url, LIST, stolen),
      await get(stateful.url, stolen),
      await fetch(stateful.url, { method: "DELETE", headers: stolen }),
    ];
    const refusals = await Promise.all(answers.map(async (answer) => [answer.status, await answer.json()]));
    expect(refusals).toMatchObject(refusals.map(() => [404, { error: { code: -32001 } }]));
    expect((await post(stateful.url, LIST, session)).status).toBe(200);
  });
});

describe("a POST is refused", () => {
  const cases: readonly (readonly [
    title: string,
    body: unknown,
    headers: Record<string, string>,
    status: number,
    code: number,
  ])[] = [
    ["without a session", LIST, {}, 400, -32000],
    ["for a session nobody knows", LIST, { "mcp-session-id": "3f6e2c1a-0000-4000-8000-000000000000" }, 404, -32001],
    ["for a session that cannot be", LIST, { "mcp-session-id": "../x" }, 404, -32001],
    ["as an array", [LIST], {}, 400, -32600],
    ["as an empty array", [], {}, 400, -32600],
    ["as a string", '"hello"', {}, 400, -32600],
    ["as null", "null", {}, 400, -32600],
    ["that is not JSON", "{", {}, 400, -32700],
    ["without jsonrpc", { id: 1, method: "ping" }, {}, 400, -32600],
    ["with a null id", { ...LIST, id: null }, {}, 400, -32600],
    ["with a fraction for an id", { ...LIST, id: 1.5 }, {}, 400, -32600],
    ["with an object for an id", { ...LIST, id: {} }, {}, 400, -32600],
    ["with a number for a method", { ...LIST, method: 1 }, {}, 400, -32600],
    ["with an array for parameters", { ...LIST, params: [] }, {}, 400, -32602],
    ["with a wrong _meta", { ...LIST, params: { _meta: 1 } }, {}, 400, -32602],
    ["with a wrong progress token", { ...LIST, params: { _meta: { progressToken: {} } } }, {}, 400, -32602],
    ["with neither method nor result", { jsonrpc: "2.0", id: 1 }, {}, 400, -32600],
    ["with result and error", { jsonrpc: "2.0", id: 1, result: {}, error: { code: 1, message: "" } }, {}, 400, -32600],
    ["that takes no stream", LIST, { accept: "application/json" }, 406, -32000],
    ["that takes no JSON", LIST, { accept: "text/event-stream" }, 406, -32000],
    ["that rules streams out", LIST, { accept: "application/json, text/event-stream;q=0" }, 406, -32000],
    ["that takes something longer by name", LIST, { accept: "application/jsonp, text/event-stream" }, 406, -32000],
    ["in another form", LIST, { "content-type": "text/plain" }, 415, -32000],
    ["to initialize without parameters", { jsonrpc: "2.0", id: 1, method: "initialize" }, {}, 400, -32602],
    [
      "to initialize with too much",
      {
        ...INITIALIZE,
        params: { ...INITIALIZE.params, capabilities: { experimental: { x: { y: "x".repeat(20_000) } } } },
      },
      {},
      400,
      -32602,
    ],
  ];
  it.each(cases)("%s", async (_title, body, headers, status, code) => {
    const answer = await post(stateful.url, body, headers);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ jsonrpc: "2.0", error: { code, message: expect.any(String) } });
  });

  it("with a revision that is not served", async () => {
    const session = await open(stateful.url);
    const answer = await post(stateful.url, LIST, { ...session, "mcp-protocol-version": "2099-01-01" });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { code: -32000, message: expect.stringContaining("2025-11-25") },
    });
  });
});

describe("a GET is refused", () => {
  it.each([
    ["without a session", {}, 400],
    ["for a session nobody knows", { "mcp-session-id": "3f6e2c1a-0000-4000-8000-000000000000" }, 404],
    ["that takes no stream", { accept: "application/json" }, 406],
  ])("%s", async (_title, headers, status) => {
    expect((await get(stateful.url, headers as Record<string, string>)).status).toBe(status);
  });

  it.each(["", "x", "1", "AAAAAAAAAAAAAAAA.get.1", "AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA.1"].slice(1))(
    "with Last-Event-ID %s where no events are kept",
    async (id) => {
      const session = await open(stateful.url);
      expect((await get(stateful.url, { ...session, "last-event-id": id })).status).toBe(400);
    },
  );
});

describe("a message gets", () => {
  it.each([
    ["notifications/initialized", { jsonrpc: "2.0", method: "notifications/initialized" }],
    ["an unknown notification", { jsonrpc: "2.0", method: "notifications/else", params: { x: 1 } }],
    ["a cancellation of nothing", { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 99 } }],
    ["an answer to nothing", { jsonrpc: "2.0", id: "AAAAAAAA.1.1", result: {} }],
    ["an answer to a number", { jsonrpc: "2.0", id: 3, error: { code: 1, message: "no" } }],
  ])("202 and no body: %s", async (_title, body) => {
    const answer = await post(stateful.url, body, await open(stateful.url));
    expect(answer.status).toBe(202);
    expect(await answer.text()).toBe("");
  });

  it("JSON where nothing is said before the result, a stream where something is", async () => {
    const session = await open(stateful.url);
    const plain = await post(stateful.url, call("a", "echo", { x: null }), session);
    expect(plain.headers.get("content-type")).toContain("application/json");
    expect(await plain.json()).toEqual({
      jsonrpc: "2.0",
      id: "a",
      result: { content: [{ type: "text", text: '{"x":null}' }] },
    });
    const told = await post(stateful.url, call(2, "steps", {}, "t"), session);
    expect(told.headers.get("content-type")).toBe("text/event-stream");
    expect(told.headers.get("x-accel-buffering")).toBe("no");
    const seen = await allEvents(told);
    expect(seen.every(({ id }) => id === undefined)).toBe(true);
    expect(messages(seen).map(({ method, id }) => method ?? id)).toEqual([
      "notifications/progress",
      "notifications/progress",
      "notifications/progress",
      2,
    ]);
  });

  it("errors of JSON-RPC in a 200", async () => {
    const session = await open(stateful.url);
    expect(
      await (await post(stateful.url, { jsonrpc: "2.0", id: 9, method: "no/such" }, session)).json(),
    ).toMatchObject({ id: 9, error: { code: -32601 } });
    expect(await (await post(stateful.url, call(9, "nobody"), session)).json()).toMatchObject({
      id: 9,
      error: { code: -32602 },
    });
  });

  it("an answer though another request with its id runs", async () => {
    const session = await open(stateful.url);
    const both = await Promise.all(
      [1, 1].map(async (id) => (await post(stateful.url, call(id, "echo", { id }), session)).json()),
    );
    expect(both.map((answer) => (answer as { id: number }).id)).toEqual([1, 1]);
  });
});

describe("without sessions", () => {
  it("initialize names none, and requests need none", async () => {
    const answer = await post(stateless.url, INITIALIZE);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("mcp-session-id")).toBeNull();
    expect(await (await post(stateless.url, call(1, "echo"))).json()).toMatchObject({ id: 1, result: {} });
    expect(
      (await post(stateless.url, { jsonrpc: "2.0", id: 4, method: "logging/setLevel", params: { level: "error" } }))
        .status,
    ).toBe(200);
  });

  it.each([
    ["GET", () => get(stateless.url)],
    ["DELETE", () => fetch(stateless.url, { method: "DELETE" })],
  ])("%s is not allowed, and the answer says what is", async (_method, send) => {
    const answer = await send();
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toContain("POST");
  });

  it("nobody cancels another's request", async () => {
    const answer = post(stateless.url, call(1, "steps", {}, 1));
    expect(
      (await post(stateless.url, { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } }))
        .status,
    ).toBe(202);
    expect(messages(await allEvents(await answer)).at(-1)).toMatchObject({ id: 1, result: {} });
  });
});

it("accepts Accept in any order and case", async () => {
  const session = await open(stateful.url);
  expect(
    (await post(stateful.url, LIST, { ...session, accept: "Text/Event-Stream;q=0.5 , APPLICATION/JSON" })).status,
  ).toBe(200);
  expect(ACCEPT).toContain("json");
});
