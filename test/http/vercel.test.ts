/**
 * The function as Vercel has it: laid out, loaded from its folder alone, and called with Node's request and response.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtOnce } from "../e2e/build-once.ts";
import { layOut } from "../../scripts/vercel.ts";
import { modernRequest } from "../mcp-adapters/modern-request.ts";
import { listen } from "../listen.ts";
import { INITIALIZE } from "./legacy/wire.ts";

const TOKEN = "a-token-of-some-length";
/** Stands for Portkey, and for where the audit and telemetry are sent: what came, by path. */
const arrived: string[] = [];
const collector = createServer((request, response) => {
  request.resume().on("end", () => {
    arrived.push(request.url ?? "");
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
});

const ENV = {
  PORTKEY_API_KEY: "pk-test",
  MCP_AUTH_MODE: "bearer",
  MCP_AUTH_TOKEN: TOKEN,
  MCP_AUDIT_LOG: "off",
  MCP_AUDIT_WEBHOOK_SECRET: "a-secret-of-some-length",
  MCP_ALLOW_PRIVATE_WEBHOOK: "true",
  PORTKEY_ALLOW_PRIVATE_BASE_URL: "true",
  PORTKEY_ALLOW_INSECURE_HTTP: "true",
  OTEL_TRACES_EXPORTER: "otlp",
  OTEL_METRIC_EXPORT_INTERVAL: "3600000",
  OTEL_BSP_SCHEDULE_DELAY: "3600000",
  LOG_LEVEL: "error",
  VERCEL_PROJECT_PRODUCTION_URL: "mcp.example.com",
  RATE_LIMIT_ENABLED: "false",
} as const;

describe("the function", () => {
  let dir: string;
  let server: Server;
  let url: string;
  let output: string;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "vercel-"));
    output = join(dir, "output");
    await layOut(pathToFileURL(`${await builtOnce()}/`), pathToFileURL(`${output}/`));
    const { origin: sink } = await listen(collector);
    Object.assign(process.env, ENV, {
      PORTKEY_BASE_URL: `${sink}/portkey`,
      MCP_AUDIT_WEBHOOK_URL: `${sink}/audit`,
      OTEL_EXPORTER_OTLP_ENDPOINT: sink,
    });
    const { handler } = JSON.parse(readFileSync(join(output, "functions/mcp.func/.vc-config.json"), "utf8")) as {
      handler: string;
    };
    const { default: handle } = (await import(pathToFileURL(join(output, "functions/mcp.func", handler)).href)) as {
      default: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    };
    server = createServer((request, response) => void handle(request, response));
    ({ origin: url } = await listen(server));
  }, 60_000);
  afterAll(() => {
    server?.close();
    collector.close();
    const more = ["PORTKEY_BASE_URL", "MCP_AUDIT_WEBHOOK_URL", "OTEL_EXPORTER_OTLP_ENDPOINT"];
    for (const name of [...Object.keys(ENV), ...more]) delete process.env[name];
    rmSync(dir, { recursive: true });
  });

  const AUTHORIZED = {
    authorization: `Bearer ${TOKEN}`,
    "x-forwarded-host": "mcp.example.com",
    "x-forwarded-proto": "https",
  };

  it("answers every path", () => {
    expect(JSON.parse(readFileSync(join(output, "config.json"), "utf8"))).toEqual({
      version: 3,
      routes: [{ src: "/.*", dest: "/mcp" }],
    });
  });

  it("says in its log alone why it cannot start, and starts once it can", async () => {
    process.env["MCP_AUTH_TOKEN"] = "short";
    const response = await fetch(`${url}/health`);
    process.env["MCP_AUTH_TOKEN"] = TOKEN;
    expect([response.status, await response.json()]).toMatchObject([
      500,
      { error: { code: -32603, message: expect.not.stringContaining("short") } },
    ]);
  });

  it("is healthy, and shows the address of the deployment", async () => {
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: "ok" });
    expect(await (await fetch(url, { headers: AUTHORIZED })).text()).toContain("https://mcp.example.com/mcp");
  });

  it("asks who calls", async () => {
    const { request, body } = modernRequest("tools/list");
    const response = await fetch(`${url}/mcp`, {
      method: "POST",
      headers: Object.fromEntries(request.headers),
      body: JSON.stringify(body),
    });
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([
      401,
      expect.stringMatching(/^Bearer/),
    ]);
  });

  it("asks to stay awake until the call's audit line and trace have gone", async () => {
    const CONTEXT = Symbol.for("@vercel/request-context");
    const work: Promise<unknown>[] = [];
    Object.assign(globalThis, { [CONTEXT]: { get: () => ({ waitUntil: (one: Promise<unknown>) => work.push(one) }) } });
    const { request, body } = modernRequest("tools/call", {
      name: "list_configs",
      arguments: {},
    });
    const response = await fetch(`${url}/mcp`, {
      method: "POST",
      headers: { ...Object.fromEntries(request.headers), ...AUTHORIZED },
      body: JSON.stringify(body),
    });
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('"result"')]);
    expect(work).toHaveLength(1);
    await Promise.all(work);
    Reflect.deleteProperty(globalThis, CONTEXT);
    expect(arrived).toEqual(expect.arrayContaining(["/audit", "/v1/traces"]));
  });

  it("lists the tools in both eras, without a session", async () => {
    const { request, body } = modernRequest("tools/list");
    const modern = await fetch(`${url}/mcp`, {
      method: "POST",
      headers: { ...Object.fromEntries(request.headers), ...AUTHORIZED },
      body: JSON.stringify(body),
    });
    const legacy = await fetch(`${url}/mcp`, {
      method: "POST",
      body: JSON.stringify(INITIALIZE),
      headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...AUTHORIZED },
    });
    expect(((await modern.json()) as { result: { tools: unknown[] } }).result.tools.length).toBeGreaterThan(180);
    expect([legacy.status, legacy.headers.get("mcp-session-id")]).toEqual([200, null]);
    expect(await legacy.text()).toContain("portkey-admin-mcp");
  });
});
