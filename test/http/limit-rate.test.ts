import { afterEach, describe, expect, it } from "vitest";
import type { HttpConfig } from "../../src/config/http-config.ts";
import { rateLimit } from "./http-config.ts";
import { connectRedis } from "../../src/http/redis/link.ts";
import { silentLog } from "../../src/log/log.ts";
import { hasRedis, startRedis } from "./redis/redis-server.ts";
import { startApp, type Started } from "./start-app.ts";

const open: Started[] = [];
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.stop();
  for (const close of closing.splice(0)) await close();
});

async function limited(max: number, changes: Partial<HttpConfig> = {}) {
  const server = await startApp({ rateLimit: rateLimit({ max }), ...changes });
  open.push(server);
  return (headers: Record<string, string> = {}) =>
    fetch(`${server.url}/mcp`, {
      method: "POST",
      body: '{"jsonrpc":"2.0","id":7,"method":"ping"}',
      headers: { "Content-Type": "application/json", ...headers },
    });
}

describe("requests", () => {
  it("beyond the limit of an address are refused with how long to wait", async () => {
    const send = await limited(3);
    const before = [await send(), await send(), await send()];
    expect(before.map(({ status }) => status)).toEqual([200, 200, 200]);
    const refused = await send();
    expect([
      refused.status,
      refused.headers.get("ratelimit-limit"),
      refused.headers.get("ratelimit-remaining"),
    ]).toEqual([429, "3", "0"]);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(50);
    expect(await refused.json()).toEqual({
      jsonrpc: "2.0",
      id: null,
      error: {
        code: -32000,
        message: expect.stringMatching(
          /^Too many requests from this address: 3 in 60 s are allowed\. Try again in \d+ s\.$/,
        ),
      },
    });
  });

  it("of each trusted proxy's client are counted by themselves", async () => {
    const send = await limited(1, { trustProxy: ["loopback"] });
    const from = async (address: string) => (await send({ "X-Forwarded-For": address })).status;
    expect([await from("203.0.113.1"), await from("203.0.113.1"), await from("203.0.113.2")]).toEqual([200, 429, 200]);
  });

  it("are told apart behind a number of proxies too", async () => {
    const send = await limited(1, { trustProxy: 2 });
    const from = async (addresses: string) => (await send({ "X-Forwarded-For": addresses })).status;
    expect([
      await from("203.0.113.1, 10.0.0.1"),
      await from("198.51.100.9, 203.0.113.1, 10.0.0.1"),
      await from("203.0.113.2, 10.0.0.1"),
    ]).toEqual([200, 429, 200]);
  });

  it("cannot hide behind a header where nobody is trusted", async () => {
    const send = await limited(1);
    const from = async (address: string) => (await send({ "X-Forwarded-For": address })).status;
    expect([await from("203.0.113.1"), await from("203.0.113.2")]).toEqual([200, 429]);
  });

  it("of one principal are counted together, from whatever address", async () => {
    const tokens = [
      { name: "alice", token: "a" },
      { name: "bob", token: "b" },
    ];
    const send = await limited(2, { trustProxy: ["loopback"], auth: { mode: "bearer", tokens } });
    let address = 0;
    const as = async (token: string) =>
      (await send({ "X-Forwarded-For": `203.0.113.${(address += 1)}`, Authorization: `Bearer ${token}` })).status;
    expect([await as("a"), await as("a"), await as("a"), await as("b")]).toEqual([200, 200, 429, 200]);
  });

  it("without a valid token count against their address", async () => {
    const send = await limited(2, { auth: { mode: "bearer", tokens: [{ name: "alice", token: "a" }] } });
    const guess = async () => (await send({ Authorization: "Bearer guess" })).status;
    expect([await guess(), await guess(), await guess()]).toEqual([401, 401, 429]);
  });
});

describe.skipIf(!hasRedis)("requests counted in Redis", () => {
  it("are counted for all instances together, and pass while Redis is away", async () => {
    const redis = await startRedis();
    const link = connectRedis({ url: redis.url, keyPrefix: "mcp" }, silentLog, { commandMs: 200 });
    closing.push(
      () => link.close(),
      () => redis.close(),
    );
    await link.waitUntilAvailable(5_000);
    const http: Partial<HttpConfig> = {
      redis: { url: redis.url, keyPrefix: "mcp" },
      rateLimit: rateLimit({ max: 2, store: "redis" }),
    };
    const [one, two] = await Promise.all([startApp(http, { redis: link }), startApp(http, { redis: link })]);
    open.push(one, two);
    const send = async ({ url }: Started) =>
      (
        await fetch(`${url}/mcp`, {
          method: "POST",
          body: '{"jsonrpc":"2.0","id":7,"method":"ping"}',
          headers: { "Content-Type": "application/json" },
        })
      ).status;
    expect([await send(one), await send(two), await send(one), await send(two)]).toEqual([200, 200, 429, 429]);
    expect(await link.client.keys("*rate*")).toEqual([expect.stringMatching(/^mcp:rate:.*address:127\.0\.0\.1$/)]);
    await redis.stop();
    expect(await send(one)).toBe(200);
  });
});
