/**
 * What the Dockerfile, the compose file and nginx's configuration promise, as far as that can be tried without Docker.
 */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { execFile, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { createLegacyEndpoint } from "../../src/http/legacy/create-endpoint.ts";
import { connectRedis, type RedisLink } from "../../src/http/redis/link.ts";
import { silentLog as log } from "../../src/log/log.ts";
import { fakeRegistry, text } from "../mcp-adapters/fake-registry.ts";
import { modernRequest } from "../mcp-adapters/modern-request.ts";
import { httpConfig } from "./http-config.ts";
import { hasRedis, startRedis, type RedisServer } from "./redis/redis-server.ts";
import { hasNginx, startShippedNginx, type ShippedNginx } from "./shipped-nginx.ts";
import { startApp, type Started } from "./start-app.ts";
import { freePort } from "../free-port.ts";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const run = promisify(execFile);

describe("the Dockerfile", () => {
  const [, final = ""] =
    read("Dockerfile")
      .split(/^FROM .* AS build$/m)[1]
      ?.split(/^FROM /m) ?? [];

  it("runs as nobody in particular, and says how it is", () => {
    const order = [
      "ENV NODE_ENV=production MCP_HOST=0.0.0.0 MCP_TRANSPORT=http",
      "COPY --from=build /app/build build/",
      "USER 1000:1000",
      "EXPOSE 3000",
      "HEALTHCHECK",
      'ENTRYPOINT ["node", "/app/build/index.js"]',
    ];
    const places = order.map((line) => final.indexOf(line));
    expect(places.every((place, at) => place > (places[at - 1] ?? 0))).toBe(true);
    expect(final).not.toMatch(/^RUN|\b(?:npm|apt-get)\b/m);
  });

  it("has a health check that tells a server that answers from one that does not", async () => {
    const command = JSON.parse(
      /HEALTHCHECK.*CMD (\[[\s\S]*?\])\nENTRYPOINT/.exec(final)?.[1]?.replaceAll("\\\n", "") ?? "[]",
    ) as string[];
    const check = (port: number) =>
      spawnSync(process.execPath, command.slice(1), { env: { MCP_PORT: String(port) } }).status;
    const server = await startApp();
    const { status } = await new Promise<{ status: number | null }>((resolve) => {
      spawn(process.execPath, command.slice(1), { env: { PORT: String(server.port) } }).on("close", (code) =>
        resolve({ status: code }),
      );
    });
    await server.stop();
    expect([command[0], status, check(server.port)]).toEqual(["node", 0, 1]);
  });
});

describe("the compose file", () => {
  const { services } = parse(read("scripts/compose.yaml"), { merge: true }) as {
    services: Record<string, Record<string, unknown>>;
  };

  it("runs two instances alike, which can write nothing and gain nothing", () => {
    expect(services["server-1"]).toEqual(services["server-2"]);
    expect(services["server-1"]).toMatchObject({
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
      build: { context: ".." },
    });
  });

  it("asks for its secrets and has none", () => {
    const environment = services["server-1"]?.["environment"] as Record<string, string>;
    const askedFor = expect.stringMatching(/^\$\{[A-Z_]+:\?/) as string;
    expect(environment).toMatchObject({
      PORTKEY_API_KEY: askedFor,
      MCP_AUTH_TOKEN: askedFor,
      MCP_EVENT_STORE: "redis",
      MCP_REDIS_URL: "redis://redis:6379",
      MCP_AUTH_MODE: "bearer",
    });
  });

  it("puts nginx in front of exactly these instances", () => {
    const upstreams = [...read("scripts/nginx.conf").matchAll(/^\s+server (\S+):3000/gm)].map(([, name]) => name);
    expect(upstreams).toEqual(Object.keys(services).filter((name) => name.startsWith("server-")));
  });
});

describe.skipIf(!hasNginx || !hasRedis)("two instances behind nginx with one Redis", () => {
  let redis: RedisServer;
  let links: RedisLink[];
  let servers: Started[];
  let nginx: ShippedNginx;
  let url: string;

  beforeAll(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    redis = await startRedis();
    links = [];
    servers = await Promise.all(["one", "two"].map((name) => instance(name)));
    const [one, two] = servers as [Started, Started];
    nginx = await startShippedNginx(port, [one.port, two.port]);
  });
  afterAll(async () => {
    await nginx?.close();
    await Promise.all((servers ?? []).map((server) => server.stop()));
    await Promise.all((links ?? []).map((link) => link.close()));
    await redis?.close();
  });

  async function instance(name: string): Promise<Started> {
    const http = httpConfig({
      redis: { url: redis.url, keyPrefix: "mcp" },
      eventStore: { kind: "redis", ttlSeconds: 60, maxEvents: 1_000, maxBytes: 1_000_000, encryptionKey: null },
      publicBaseUrl: url,
      trustProxy: ["loopback"],
      shutdownTimeoutMs: 500,
    });
    const link = connectRedis(http.redis as NonNullable<typeof http.redis>, log);
    links.push(link);
    await link.waitUntilAvailable(5_000);
    const served = fakeRegistry({
      who: () => text(name),
      steps: async (_args, { progress }) => {
        for (const step of [1, 2, 3]) {
          progress?.(step, 3);
          await delay(20);
        }
        return text("done");
      },
    });
    return startApp(http, { served, legacy: (registry) => createLegacyEndpoint({ registry, http, log, redis: link }) });
  }

  async function connected(): Promise<Client> {
    const client = new Client({ name: "test", version: "1" });
    await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`)));
    return client;
  }
  const who = async (client: Client) =>
    ((await client.callTool({ name: "who" })).content as { text: string }[])[0]?.text;

  it("share a session that no balancer pins", async () => {
    const client = await connected();
    const seen = new Set<string | undefined>();
    // The balancer leaves an instance alone for some seconds after one connection that it refused.
    const until = Date.now() + 20_000;
    // Several at once: the client's open stream counts as a connection, and the balancer takes who has the fewest.
    while (seen.size < 2 && Date.now() < until)
      for (const name of await Promise.all(Array.from({ length: 4 }, () => who(client)))) seen.add(name);
    expect([...seen].sort()).toEqual(["one", "two"]);
    await client.close();
  });

  it("pass progress on while the call runs", async () => {
    const client = await connected();
    const steps: number[] = [];
    await client.callTool({ name: "steps" }, undefined, { onprogress: ({ progress }) => steps.push(progress) });
    expect(steps).toEqual([1, 2, 3]);
    await client.close();
  });

  it("serve 2026-07-28 as well", async () => {
    const { request, body } = modernRequest("tools/call", { name: "who" });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        fetch(`${url}/mcp`, { method: "POST", headers: request.headers, body: JSON.stringify(body) }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
  });

  it("show the address that clients use", async () => {
    expect(await (await fetch(url)).text()).toContain(`${url}/mcp`);
  });

  it("go on when one of them stops", async () => {
    const client = await connected();
    await servers[0]?.stop();
    const seen = new Set<string | undefined>();
    for (let at = 0; at < 6; at += 1) seen.add(await who(client));
    expect([...seen]).toEqual(["two"]);
    await client.close();
  });
});

describe("the smoke test", () => {
  const smoke = (env: Record<string, string>) =>
    run(process.execPath, ["--import", "tsx", new URL("../../scripts/smoke.ts", import.meta.url).pathname], {
      env: { PATH: process.env["PATH"], ...env },
    }).then(
      ({ stdout }) => [0, stdout] as const,
      ({ code, stdout }: { code: number; stdout: string }) => [code, stdout] as const,
    );

  it("passes a server that answers, with its token, and fails one that does not", async () => {
    const http = httpConfig({ auth: { mode: "bearer", tokens: [{ name: "alice", token: "secret" }] } });
    const server = await startApp(http, { legacy: (registry) => createLegacyEndpoint({ registry, http, log }) });
    const env = { MCP_TEST_BASE_URL: server.url };
    const [good, header, bad] = await Promise.all([
      smoke({ ...env, MCP_TEST_BEARER_TOKEN: "secret" }),
      smoke({ ...env, MCP_TEST_AUTH_HEADER: "Authorization: Bearer secret" }),
      smoke(env),
    ]);
    await server.stop();
    expect(good).toEqual([
      0,
      "ok   /health: ok\nok   /ready: ready\nok   2025-11-25: fake 1.0.0, 1 tools\nok   2026-07-28: fake 1.0.0, 1 " +
        "tools\n",
    ]);
    expect(header[0]).toBe(0);
    expect([bad[0], bad[1].match(/^(ok|FAIL)/gm)]).toEqual([1, ["ok", "ok", "FAIL", "FAIL"]]);
    expect((await smoke(env))[0]).toBe(1);
  });
});
