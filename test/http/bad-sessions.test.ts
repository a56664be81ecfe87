/** Requests of the legacy era that do not fit their session, against the endpoint that serves it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLegacyEndpoint } from "../../src/http/legacy/create-endpoint.ts";
import { silentLog as log } from "../../src/log/log.ts";
import { fakeRegistry } from "../mcp-adapters/fake-registry.ts";
import { httpConfig } from "./http-config.ts";
import { startApp, type Started } from "./start-app.ts";
import { ACCEPT, INITIALIZE } from "./legacy/wire.ts";

const TOKENS = [
  { name: "alice", token: "alices-token" },
  { name: "bob", token: "bobs-token" },
];
let server: Started;
let session: string;

beforeAll(async () => {
  const http = httpConfig({ auth: { mode: "bearer", tokens: TOKENS } });
  server = await startApp(http, {
    served: fakeRegistry(),
    legacy: (registry) => createLegacyEndpoint({ registry, http, log }),
  });
  session = await initialize();
});
afterAll(() => server.stop());

interface Sent {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

function send({ method = "POST", body, headers = {} }: Sent): Promise<Response> {
  const all = { "content-type": "application/json", accept: ACCEPT, authorization: "Bearer alices-token", ...headers };
  return fetch(`${server.url}/mcp`, {
    method,
    headers: Object.fromEntries(
      Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

const request = (method: string, params?: object) => ({ jsonrpc: "2.0", id: 1, method, ...(params && { params }) });

async function initialize(): Promise<string> {
  const response = await send({ body: INITIALIZE });
  await response.text();
  return response.headers.get("mcp-session-id") ?? "";
}

const mine = (headers: Record<string, string | undefined> = {}) => ({
  "mcp-session-id": session,
  "mcp-protocol-version": "2025-11-25",
  ...headers,
});

describe("a request that does not fit its session", () => {
  const LIST = request("tools/list");
  const cases: readonly (readonly [what: string, sent: () => Sent, status: number])[] = [
    ["no session", () => ({ body: LIST, headers: { "mcp-protocol-version": "2025-11-25" } }), 400],
    [
      "an unknown session",
      () => ({ body: LIST, headers: mine({ "mcp-session-id": "00000000-0000-4000-8000-000000000000" }) }),
      404,
    ],
    ["a session id that is none", () => ({ body: LIST, headers: mine({ "mcp-session-id": "../../etc/passwd" }) }), 404],
    ["a session id of 8 kB", () => ({ body: LIST, headers: mine({ "mcp-session-id": "x".repeat(8_000) }) }), 404],
    [
      "two session ids in one header",
      () => ({ body: LIST, headers: mine({ "mcp-session-id": `${session}, ${session}` }) }),
      404,
    ],
    ["another principal", () => ({ body: LIST, headers: mine({ authorization: "Bearer bobs-token" }) }), 404],
    [
      "another principal that ends it",
      () => ({ method: "DELETE", headers: mine({ authorization: "Bearer bobs-token" }) }),
      404,
    ],
    [
      "another principal that listens in",
      () => ({ method: "GET", headers: mine({ authorization: "Bearer bobs-token", accept: "text/event-stream" }) }),
      404,
    ],
    ["an unsupported revision", () => ({ body: LIST, headers: mine({ "mcp-protocol-version": "1999-01-01" }) }), 400],
    ["an array", () => ({ body: [LIST], headers: mine() }), 400],
    ["an empty array", () => ({ body: [], headers: mine() }), 400],
    ["a string", () => ({ body: "tools/list", headers: mine() }), 400],
    ["null", () => ({ body: null, headers: mine() }), 400],
    ["another version of JSON-RPC", () => ({ body: { ...LIST, jsonrpc: "1.0" }, headers: mine() }), 400],
    ["an id that is an object", () => ({ body: { ...LIST, id: {} }, headers: mine() }), 400],
    ["a client that takes JSON alone", () => ({ body: LIST, headers: mine({ accept: "application/json" }) }), 406],
    ["a client that takes pictures", () => ({ body: LIST, headers: mine({ accept: "image/png" }) }), 406],
    ["a GET that takes no stream", () => ({ method: "GET", headers: mine({ accept: "application/json" }) }), 406],
    ["a GET without a session", () => ({ method: "GET", headers: { accept: "text/event-stream" } }), 400],
    ["a DELETE without a session", () => ({ method: "DELETE" }), 400],
    [
      "an event id where none are kept",
      () => ({ method: "GET", headers: mine({ accept: "text/event-stream", "last-event-id": "1-1" }) }),
      400,
    ],
  ];
  it.each(cases)("%s", async (_what, sent, status) => {
    const response = await send(sent());
    const text = await response.text();
    expect([response.status, response.headers.get("content-type")]).toEqual([
      status,
      expect.stringMatching(/^application\/json/),
    ]);
    expect(JSON.parse(text)).toMatchObject({
      jsonrpc: "2.0",
      error: { code: expect.any(Number), message: expect.stringMatching(/\w{3}/) },
    });
    expect(text).not.toMatch(/\n\s*at |node_modules|\.ts:/);
  });

  it("leaves the session as it was", async () => {
    const response = await send({ body: LIST, headers: mine() });
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining("echo")]);
  });
});

describe("a session", () => {
  it("ends once, and is then unknown", async () => {
    const id = await initialize();
    const end = () => send({ method: "DELETE", headers: mine({ "mcp-session-id": id }) });
    const statuses = [
      (await end()).status,
      (await end()).status,
      (await send({ body: request("tools/list"), headers: mine({ "mcp-session-id": id }) })).status,
    ];
    expect(statuses[0]).toBeGreaterThanOrEqual(200);
    expect(statuses[0]).toBeLessThan(300);
    expect(statuses.slice(1)).toEqual([404, 404]);
  });

  it("takes notifications without a word", async () => {
    const response = await send({ body: { jsonrpc: "2.0", method: "notifications/initialized" }, headers: mine() });
    expect([response.status, await response.text()]).toEqual([202, ""]);
  });
});
