import { afterEach, describe, expect, it } from "vitest";
import type { HttpConfig } from "../../src/config/http-config.ts";
import type { CallEvent } from "../../src/mcp/tools/call-event.ts";
import { fakeRegistry } from "../mcp-adapters/fake-registry.ts";
import { ECHOING_LEGACY, startApp, type Started } from "./start-app.ts";

const open: Started[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.stop();
});
async function started(...parameters: Parameters<typeof startApp>): Promise<Started> {
  const server = await startApp(...parameters);
  open.push(server);
  return server;
}

const TOKEN: Partial<HttpConfig> = { auth: { mode: "bearer", tokens: [{ name: "alice", token: "secret-token" }] } };
const REDIS: Partial<HttpConfig> = { redis: { url: "redis://127.0.0.1:1", keyPrefix: "mcp" } };
const away = () => ({ ...ECHOING_LEGACY, health: () => "away" as const });

describe("/ready", () => {
  const cases: readonly (readonly [
    what: string,
    Partial<HttpConfig>,
    Parameters<typeof startApp>[1],
    status: number,
    want: object,
  ])[] = [
    ["alone", {}, {}, 200, { status: "ready", redis: "off", portkey: "unchecked" }],
    ["with Redis", REDIS, {}, 200, { status: "ready", redis: "ok", portkey: "unchecked" }],
    ["with Redis away", REDIS, { legacy: away }, 200, { status: "degraded", redis: "away", portkey: "unchecked" }],
    [
      "with Redis away and needed",
      { ...REDIS, readyWithoutRedis: "unready" },
      { legacy: away },
      503,
      { status: "unready", redis: "away", portkey: "unchecked" },
    ],
    [
      "with Portkey",
      { readyCheckMode: "portkey" },
      { portkey: async () => undefined },
      200,
      { status: "ready", redis: "off", portkey: "ok" },
    ],
    [
      "without Portkey",
      { readyCheckMode: "portkey" },
      { portkey: () => Promise.reject(new Error("refused")) },
      503,
      { status: "unready", redis: "off", portkey: "away" },
    ],
    [
      "without asking Portkey",
      {},
      { portkey: () => Promise.reject(new Error("refused")) },
      200,
      { status: "ready", redis: "off", portkey: "unchecked" },
    ],
  ];
  it.each(cases)("%s", async (_what, http, parts, status, want) => {
    const response = await fetch(`${(await started(http, parts)).url}/ready`);
    expect([response.status, await response.json(), response.headers.get("cache-control")]).toEqual([
      status,
      want,
      "no-store",
    ]);
  });
});

describe("/auth/info", () => {
  const info = async (http: Partial<HttpConfig>) => {
    const server = await started(http);
    return { url: server.url, info: (await (await fetch(`${server.url}/auth/info`)).json()) as object };
  };

  it("says that nobody has to log in", async () => {
    const { url, info: got } = await info({});
    expect(got).toEqual({ mode: "none", resource: `${url}/mcp`, credentials: "server" });
  });

  it("says what a token is for, and no token", async () => {
    const { info: got } = await info({ ...TOKEN, credentials: "caller" });
    expect(got).toMatchObject({
      mode: "bearer",
      header: "Authorization: Bearer <token>",
      portkey_key_header: "x-portkey-api-key",
    });
    expect(JSON.stringify(got)).not.toContain("secret-token");
  });

  it("says where to log in", async () => {
    const auth = {
      mode: "jwt",
      issuer: "https://id.example.com",
      audience: ["a"],
      jwksUrl: "https://id.example.com/jwks",
      algorithms: ["RS256"],
    } as const;
    const { info: got } = await info({ auth, publicBaseUrl: "https://mcp.example.com" });
    expect(got).toMatchObject({
      mode: "jwt",
      resource: "https://mcp.example.com/mcp",
      authorization_servers: ["https://id.example.com"],
      resource_metadata: "https://mcp.example.com/.well-known/oauth-protected-resource/mcp",
    });
  });
});

describe("/metrics", () => {
  const CALL: CallEvent = {
    tool: "list_users",
    domain: "users",
    risk: "read",
    principal: "alice",
    outcome: "error",
    status: 404,
    durationMs: 70,
    dryRun: false,
    targets: { id: "u1" },
  };

  it("counts calls, answers, requests and what the endpoint holds", async () => {
    let call: (event: CallEvent) => void = () => undefined;
    const server = await started(
      {},
      {
        registry: (onCall) => {
          call = onCall;
          return fakeRegistry();
        },
      },
    );
    call(CALL);
    await fetch(`${server.url}/health`);
    const response = await fetch(`${server.url}/metrics`);
    const text = await response.text();
    expect(response.headers.get("content-type")).toMatch(/^text\/plain/);
    const want = [
      'mcp_tool_calls_total{tool="list_users",outcome="error"} 1',
      'mcp_tool_call_duration_seconds_bucket{le="0.05",domain="users",risk="read"} 0',
      'mcp_tool_call_duration_seconds_bucket{le="0.1",domain="users",risk="read"} 1',
      'portkey_answers_total{status="404"} 1',
      'mcp_http_requests_total{route="/health",method="GET",status="200"} 1',
      "mcp_running_calls 0",
      "mcp_sessions 3",
    ];
    expect(text.split("\n")).toEqual(expect.arrayContaining(want));
    expect(text).not.toMatch(/alice|u1/);
  });

  it("are for those who may call tools", async () => {
    const { url } = await started(TOKEN);
    const refused = await fetch(`${url}/metrics`);
    expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, expect.stringMatching(/^Bearer/)]);
    expect((await fetch(`${url}/metrics`, { headers: { Authorization: "Bearer secret-token" } })).status).toBe(200);
  });

  it("do not count a stranger's addresses one by one", async () => {
    const { url } = await started();
    for (const path of ["/a", "/b", "/c"]) await fetch(`${url}${path}`);
    expect(await (await fetch(`${url}/metrics`)).text()).toContain(
      'mcp_http_requests_total{route="none",method="GET",status="404"} 3',
    );
  });
});

describe("everything else", () => {
  it("is a plain JSON 404", async () => {
    const response = await fetch(`${(await started()).url}/admin`);
    expect([response.status, await response.json()]).toEqual([404, { error: "There is nothing here." }]);
  });
});
