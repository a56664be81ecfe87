/** What real clients and proxies send that is not quite what the specification says, and harmless. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLegacyEndpoint } from "../../src/http/legacy/create-endpoint.ts";
import { createOriginCheck } from "../../src/http/limits/refuse-request.ts";
import { silentLog as log } from "../../src/log/log.ts";
import { fakeRegistry } from "../mcp-adapters/fake-registry.ts";
import { modernRequest } from "../mcp-adapters/modern-request.ts";
import { httpConfig } from "./http-config.ts";
import { requestText, sendRaw } from "./raw-http.ts";
import { startApp, type Started } from "./start-app.ts";
import { ACCEPT, INITIALIZE } from "./legacy/wire.ts";

let server: Started;
beforeAll(async () => {
  const http = httpConfig({ allowedHosts: ["mcp.internal", "other:8443"] });
  server = await startApp(http, {
    served: fakeRegistry(),
    legacy: (registry) => createLegacyEndpoint({ registry, http, log }),
  });
});
afterAll(() => server.stop());

async function send(changes: Record<string, string | null>, path = "/mcp", body = JSON.stringify(INITIALIZE)) {
  const headers = { "content-type": "application/json", accept: ACCEPT, ...changes };
  const sent = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null);
  const [answer] = await sendRaw(server.port, [requestText("POST", path, sent, body)]);
  return answer as NonNullable<typeof answer>;
}

describe("is served", () => {
  it.each(["*/*", "application/*, text/*", "application/json, */*;q=0.1", null, "", "text/event-stream,application/*"])(
    "a client whose Accept is %s",
    async (accept) => expect((await send({ accept })).status).toBe(200),
  );

  it.each(["*/*;q=0", "application/*", "text/html"])("but not one whose Accept is %s", async (accept) =>
    expect((await send({ accept })).status).toBe(406),
  );

  it.each(["*/*", null])("a client of 2026-07-28 whose Accept is %s", async (accept) => {
    const { body, request } = modernRequest("tools/call", { name: "echo", arguments: {} });
    const meta = (body as { params: { _meta: object } }).params._meta;
    Object.assign(meta, { progressToken: 1 });
    const headers = { ...Object.fromEntries(request.headers), accept };
    const answer = await send(headers, "/mcp", JSON.stringify(body));
    expect([answer.status, answer.body]).toEqual([200, expect.stringContaining('"content"')]);
  });

  it.each([
    "application/json;",
    "application/json; charset=utf-8",
    'application/json; charset="UTF-8"',
    "application/json;charset=utf8",
    "application/json; profile=mcp; charset=utf-8",
    "Application/JSON; version=1",
    "application/json; charset=US-ASCII",
  ])("a body of the type %s", async (type) => expect((await send({ "content-type": type })).status).toBe(200));

  it.each([
    "application/json; charset=latin1",
    "application/json; charset=utf-16; charset=utf-8",
    "application/jsonx;",
  ])("but not one of the type %s", async (type) => expect((await send({ "content-type": type })).status).toBe(415));

  it("both types in an Accept of two lines, as some libraries write a list", async () => {
    const twice: [string, string][] = [
      ["content-type", "application/json"],
      ["accept", "application/json"],
      ["accept", "text/event-stream"],
    ];
    const [answer] = await sendRaw(server.port, [requestText("POST", "/mcp", twice, JSON.stringify(INITIALIZE))]);
    expect(answer?.status).toBe(200);
  });

  it("a body with a byte order mark", async () =>
    expect((await send({}, "/mcp", `\ufeff${JSON.stringify(INITIALIZE)}`)).status).toBe(200));

  it.each([
    ...["/mcp/", "/health/", "/ready/", "/auth/info/", "/metrics/"],
    ...["//mcp", "///mcp//", "//health", "/auth//info"],
  ])("%s as without its slashes", async (path) => {
    const [answer] = await sendRaw(server.port, [
      path.includes("mcp")
        ? requestText(
            "POST",
            path,
            [
              ["content-type", "application/json"],
              ["accept", ACCEPT],
            ],
            JSON.stringify(INITIALIZE),
          )
        : requestText("GET", path),
    ]);
    expect(answer?.status).toBe(200);
  });

  it("initialize with the id of a session that has ended, and not with one that is open", async () => {
    const id = (await send({})).headers["mcp-session-id"] as string;
    expect((await send({ "mcp-session-id": id })).status).toBe(400);
    await fetch(`${server.url}/mcp`, { method: "DELETE", headers: { "mcp-session-id": id } });
    const ended = [id, "00000000-0000-4000-8000-000000000000", "not-an-id"];
    const again = await Promise.all(ended.map((one) => send({ "mcp-session-id": one })));
    expect(again.map(({ status, headers }) => [status, headers["mcp-session-id"]])).toEqual(
      ended.map((one) => [200, expect.not.stringMatching(one)]),
    );
  });

  it.each(["mcp.internal", "mcp.internal:3000", "MCP.Internal", "other:8443", "mcp.internal.", "mcp.internal.:80"])(
    "under the host %s",
    async (host) => expect((await send({ host })).status).toBe(200),
  );

  it.each(["other", "other:1", "evil.mcp.internal", "mcp.internal..", "."])(
    "but not under %s, which is told the setting",
    async (host) => {
      const answer = await send({ host });
      expect([answer.status, answer.body]).toEqual([403, expect.stringContaining("MCP_ALLOWED_HOSTS")]);
    },
  );
});

describe("origins", () => {
  const allowed = createOriginCheck({
    host: "127.0.0.1",
    publicBaseUrl: null,
    allowedOrigins: ["chrome-extension://AbC", "vscode-webview://1x", "https://*.example.com", "http://*.dev.test:81"],
  });
  it.each([
    "chrome-extension://AbC",
    "vscode-webview://1x",
    "https://a.example.com",
    "https://a.b-c.example.com",
    "http://x.dev.test:81",
    "http://localhost:6274",
  ])("%s is allowed", (origin) => expect(allowed(origin)).toBe(true));

  it.each([
    "chrome-extension://abc",
    "vscode-webview://1x2",
    "https://example.com",
    "http://a.example.com",
    "https://a.example.com:444",
    "https://evil.com/.example.com",
    "https://evil.com#.example.com",
    "https://evilexample.com",
    "https://.example.com",
    "https://a@b.example.com",
    "https://a.example.com.evil.com",
    "http://x.dev.test",
    "null",
    "",
  ])("%s is not", (origin) => expect(allowed(origin)).toBe(false));
});
