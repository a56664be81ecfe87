/** Who may read /metrics and where, and what its numbers say. */
import { afterEach, describe, expect, it } from "vitest";
import type { HttpConfig, MetricsConfig } from "../../src/config/http-config.ts";
import { METRICS } from "../../src/http/observability/metric-rows.ts";
import type { HttpServerParts } from "../../src/http/server-parts.ts";
import { fakeRegistry } from "../mcp-adapters/fake-registry.ts";
import { httpConfig, rateLimit } from "./http-config.ts";
import { ECHOING_LEGACY, startApp, type Started } from "./start-app.ts";

const CALLER = "callers-own-token-1";
const SCRAPER = "for-the-metrics-alone";
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const auth = { mode: "bearer", tokens: [{ name: "alice", token: CALLER }] } as const;

const open: Started[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.stop();
});
async function started(changes: Partial<HttpConfig>, parts: Parameters<typeof startApp>[1] = {}): Promise<Started> {
  const server = await startApp(changes, parts);
  open.push(server);
  return server;
}
const metrics = (changes: Partial<MetricsConfig>): Partial<HttpConfig> => ({
  metrics: { token: null, port: null, host: "127.0.0.1", ...changes },
});
const text = async (url: string, init?: RequestInit) => (await fetch(`${url}/metrics`, init)).text();

describe("a token for the metrics alone", () => {
  it.each<[string, RequestInit, number]>([
    ["opens them", bearer(SCRAPER), 200],
    ["is asked for", {}, 401],
    ["is not a caller's", bearer(CALLER), 401],
    ["is compared whole", bearer(SCRAPER.slice(0, -1)), 401],
    ["is not one that only begins with it", bearer(`${SCRAPER}x`), 401],
    ["does not come as a password", { headers: { authorization: `Basic ${btoa(`:${SCRAPER}`)}` } }, 401],
  ])("%s", async (_title, init, status) => {
    const { url } = await started({ auth, ...metrics({ token: SCRAPER }) });
    const answer = await fetch(`${url}/metrics`, init);
    expect(answer.status).toBe(status);
    if (status === 401) expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer/);
    expect(await answer.text()).not.toContain(SCRAPER);
  });

  it("does not stand in the address, and calls no tool", async () => {
    const { url } = await started({ auth, ...metrics({ token: SCRAPER }) });
    expect((await fetch(`${url}/metrics?token=${SCRAPER}`)).status).toBe(400);
    expect((await fetch(`${url}/mcp`, { method: "POST", ...bearer(SCRAPER) })).status).toBe(401);
  });

  it("is guessed at most as often as the rate limit allows", async () => {
    const { url } = await started({
      auth,
      ...metrics({ token: SCRAPER }),
      rateLimit: rateLimit({ max: 3 }),
    });
    const statuses = [];
    for (const guess of ["a", "b", "c", "d"]) statuses.push((await fetch(`${url}/metrics`, bearer(guess))).status);
    expect(statuses).toEqual([401, 401, 401, 429]);
  });

  it("is the new one after its file was read again", async () => {
    const server = await started(metrics({ token: SCRAPER }));
    server.renew({ http: httpConfig(metrics({ token: "the-next-token-of-all" })), credentials: {} });
    expect((await fetch(`${server.url}/metrics`, bearer(SCRAPER))).status).toBe(401);
    expect((await fetch(`${server.url}/metrics`, bearer("the-next-token-of-all"))).status).toBe(200);
  });
});

describe("a port of their own", () => {
  it("has the metrics and nothing else, and nowhere else are they", async () => {
    const { url, metricsUrl = "" } = await started({ auth, ...metrics({ port: 0 }) });
    expect(await text(metricsUrl)).toContain("mcp_running_calls 0");
    expect((await fetch(`${url}/metrics`, bearer(CALLER))).status).toBe(404);
    const others = ["/", "/mcp", "/health", "/ready", "/auth/info", "/.well-known/oauth-protected-resource/mcp"];
    const statuses = await Promise.all(
      others.map(async (path) => [path, (await fetch(`${metricsUrl}${path}`)).status]),
    );
    expect(statuses).toEqual(others.map((path) => [path, 404]));
    expect((await fetch(`${metricsUrl}/mcp`, { method: "POST", ...bearer(CALLER), body: "{}" })).status).toBe(404);
  });

  it("asks for the token where there is one, and bounds the guesses", async () => {
    const { metricsUrl = "" } = await started({
      ...metrics({ port: 0, token: SCRAPER }),
      rateLimit: rateLimit({ max: 2 }),
    });
    expect((await fetch(`${metricsUrl}/metrics`, bearer(SCRAPER))).status).toBe(200);
    expect((await fetch(`${metricsUrl}/metrics`, bearer("guess"))).status).toBe(401);
    expect((await fetch(`${metricsUrl}/metrics`, bearer(SCRAPER))).status).toBe(429);
  });

  it("that is taken ends the start, with its settings' names", async () => {
    const { port } = await started({});
    await expect(startApp(metrics({ port }))).rejects.toThrow(
      `MCP_METRICS_HOST and MCP_METRICS_PORT: 127.0.0.1:${port} is in use by another process.`,
    );
  });
});

describe("the numbers", () => {
  it("are those of the rows, each of one unit, with labels that few values have", async () => {
    const served = await text((await started({})).url);
    const ours = [...served.matchAll(/^# TYPE ((?:mcp|portkey)_\S+) (\S+)$/gm)].map(([, name, kind]) => [name, kind]);
    expect(new Map(ours as [string, string][])).toEqual(
      new Map(Object.entries(METRICS).map(([name, { kind }]) => [name, kind])),
    );
    const ends = /_(total|seconds|bytes|characters|info|up|calls|sessions|streams|events|failed)$/;
    expect(Object.keys(METRICS).filter((name) => !ends.test(name))).toEqual([]);
  });

  it("say which build it is, and whether Redis answers", async () => {
    const redis = { url: "redis://127.0.0.1:1", keyPrefix: "mcp" };
    const legacy = (state: "ok" | "away") => () => ({ ...ECHOING_LEGACY, health: () => state });
    expect(await text((await started({ redis }, { legacy: legacy("ok"), version: "1.2.3" })).url)).toMatch(
      /mcp_build_info\{version="1.2.3",node="\d+\.\d+\.\d+",edition="portkey"\} 1\n[^]*\nmcp_redis_up 1\n/,
    );
    expect(await text((await started({ redis }, { legacy: legacy("away") })).url)).toContain("\nmcp_redis_up 0\n");
    expect(await text((await started({})).url)).not.toContain("\nmcp_redis_up ");
  });

  it("time requests, and Portkey's answers by method and status", async () => {
    let told: Parameters<HttpServerParts["registry"]>[1] = () => undefined;
    const registry: HttpServerParts["registry"] = (_onCall, onRequest) => {
      told = onRequest;
      return fakeRegistry();
    };
    const { url } = await started({}, { registry });
    told({ method: "GET", status: 200, milliseconds: 40 });
    told({ method: "GET", status: 503, milliseconds: 40 });
    told({ method: "POST", status: undefined, milliseconds: 3_000 });
    await fetch(`${url}/health`);
    const served = await text(url);
    const want = [
      'portkey_request_duration_seconds_bucket{le="0.05",method="GET",status="2xx"} 1',
      'portkey_request_duration_seconds_count{method="GET",status="5xx"} 1',
      'portkey_request_duration_seconds_bucket{le="2.5",method="POST",status="none"} 0',
      'mcp_http_request_duration_seconds_count{route="/health",method="GET"} 1',
    ];
    expect(served.split("\n")).toEqual(expect.arrayContaining(want));
  });

  it("count refusals by reason, however much a stranger varies", async () => {
    const { url } = await started({
      auth,
      rateLimit: rateLimit({ max: 30 }),
    });
    const post = (headers: Record<string, string>) => fetch(`${url}/mcp`, { method: "POST", headers, body: "{}" });
    await post({});
    await post({ authorization: "Bearer wrong-one" });
    await post({ origin: "https://evil.example" });
    for (const name of ["a", "b", "c"]) await fetch(`${url}/${name}`, { method: "DELETE" });
    await fetch(`${url}/mcp`, { method: "POST", ...bearer(CALLER), body: "{" });
    const served = await text(url, bearer(CALLER));
    const counts = [...served.matchAll(/^mcp_refusals_total\{reason="(\w+)"\} (\d+)$/gm)].map(([, why, n]) => [why, n]);
    expect(Object.fromEntries(counts)).toEqual({
      token_missing: "1",
      token_invalid: "1",
      origin: "1",
      not_found: "3",
      media_type: "1",
    });
    expect(served).not.toContain("evil");
  });
});
