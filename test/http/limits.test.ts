/** Which requests are counted, and what counts as one client. */
import { Redis } from "ioredis";
import { afterEach, describe, expect, it } from "vitest";
import type { HttpConfig } from "../../src/config/http-config.ts";
import { rateLimit } from "./http-config.ts";
import { networkOf } from "../../src/http/limits/client-address.ts";
import { connectRedis } from "../../src/http/redis/link.ts";
import { silentLog } from "../../src/log/log.ts";
import { hasRedis, startRedis, type RedisServer } from "./redis/redis-server.ts";
import { startApp, type Started } from "./start-app.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function limited(max: number, changes: Partial<HttpConfig> = {}): Promise<Started> {
  const server = await startApp({ rateLimit: rateLimit({ max }), ...changes });
  closing.push(() => server.stop());
  return server;
}

const BEARER = { mode: "bearer", tokens: [{ name: "alice", token: "right-token-right" }] } as const;

describe("guesses of a token", () => {
  it.each(["/metrics", "/auth/info", "/", "/page.css", "/nothing-here", "/mcp/nothing"])(
    "at %s are limited as at /mcp",
    async (path) => {
      const { url } = await limited(5, { auth: BEARER });
      const statuses: number[] = [];
      for (let n = 0; n < 7; n += 1)
        statuses.push((await fetch(url + path, { headers: { authorization: `Bearer guess-${n}` } })).status);
      expect(statuses.slice(5)).toEqual([429, 429]);
      expect(statuses.slice(0, 5)).not.toContain(429);
    },
  );

  it("count together, wherever they are made", async () => {
    const { url } = await limited(4, { auth: BEARER });
    const guess = (path: string, method = "GET") =>
      fetch(url + path, { method, headers: { authorization: "Bearer guess" } }).then(({ status }) => status);
    for (const path of ["/metrics", "/auth/info", "/"]) await guess(path);
    expect(await guess("/mcp", "POST")).not.toBe(429);
    expect(await guess("/mcp", "POST")).toBe(429);
    expect(await guess("/metrics")).toBe(429);
    const right = await fetch(`${url}/metrics`, { headers: { authorization: "Bearer right-token-right" } });
    expect(right.status).toBe(429);
  });

  it.each(["/health", "/ready"])("do not keep a balancer from its probes: %s", async (path) => {
    const { url } = await limited(1);
    const statuses = [];
    for (let n = 0; n < 5; n += 1) statuses.push((await fetch(url + path)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200]);
  });
});

describe("an address", () => {
  it.each([
    ["203.0.113.7", "203.0.113.7"],
    ["203.0.113.7:5123", "203.0.113.7"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["::ffff:cb00:7107", "203.0.113.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:DB8:1:2::1", "2001:db8:1:2::/64"],
    ["[2001:db8:1:2::1]:443", "2001:db8:1:2::/64"],
    ["2001:db8::", "2001:db8:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    [" 203.0.113.7 ", "203.0.113.7"],
    ["1.2.3.4.5", undefined],
    ["999.1.1.1", undefined],
    ["garbage", undefined],
    ["", undefined],
    ["unknown", undefined],
    ["_hidden", undefined],
    ["__proto__", undefined],
    ["1.2.3.4:99999999", undefined],
    ["x".repeat(100_000), undefined],
  ])("%s is %s", (text, network) => expect(networkOf(text)).toBe(network));

  const from = async ({ url }: Started, address: string) =>
    (await fetch(`${url}/mcp`, { method: "POST", body: "{}", headers: { "x-forwarded-for": address } })).status;

  it("of one /64 counts with the others of it, one of another does not", async () => {
    const server = await limited(2, { trustProxy: ["loopback"] });
    expect(await from(server, "2001:db8:1:2::1")).not.toBe(429);
    expect(await from(server, "2001:db8:1:2:ffff::2")).not.toBe(429);
    expect(await from(server, "2001:db8:1:2:3:4:5:6")).toBe(429);
    expect(await from(server, "2001:db8:1:3::1")).not.toBe(429);
  });

  it.each([["loopback"], 1, 2, 5])("is no garbage from X-Forwarded-For, with %s trusted", async (trusted) => {
    const server = await limited(3, { trustProxy: trusted as HttpConfig["trustProxy"] });
    const statuses: number[] = [];
    for (const garbage of ["a", "b", "unknown", "999.9.9.9", "-", "x, y", "[::1", "1.2.3.4.5"])
      statuses.push(await from(server, garbage));
    expect(statuses.slice(3)).toEqual([429, 429, 429, 429, 429]);
  });
});

describe.skipIf(!hasRedis)("counts in Redis", () => {
  let redis: RedisServer;
  async function start(max: number): Promise<Started & { key: () => Promise<string> }> {
    redis = await startRedis();
    closing.push(() => redis.close());
    const link = connectRedis({ url: redis.url, keyPrefix: "mcp" }, silentLog, { commandMs: 300, probeMs: 50 });
    closing.push(() => link.close());
    await link.waitUntilAvailable(5_000);
    const server = await startApp(
      {
        redis: { url: redis.url, keyPrefix: "mcp" },
        rateLimit: rateLimit({ max, store: "redis" }),
      },
      { redis: link },
    );
    closing.push(() => server.stop());
    return { ...server, key: async () => (await link.client.keys("mcp:rate:*"))[0] as string };
  }
  const send = async ({ url }: Started) => (await fetch(`${url}/mcp`, { method: "POST", body: "{}" })).status;

  it("hold up nobody while Redis is late, and limits go on by instance", async () => {
    const server = await start(8);
    await send(server);
    redis.pause();
    await send(server);
    const started = performance.now();
    const statuses: number[] = [];
    for (let n = 0; n < 12; n += 1) statuses.push(await send(server));
    // One by one, each would have waited for the time a command may take.
    expect(performance.now() - started).toBeLessThan(1_500);
    expect(statuses[0]).not.toBe(429);
    expect(statuses.at(-1)).toBe(429);
    redis.unpause();
  });

  it("that somebody else wrote lock nobody out, and let nobody do more", async () => {
    const server = await start(4);
    const statuses: number[] = [await send(server)];
    const key = await server.key();
    const other = new Redis(redis.url);
    closing.push(() => other.disconnect());
    const [own] = Object.keys(await other.hgetall(key));
    const replace: (() => Promise<unknown>)[] = [
      () => other.set(key, "1000000"),
      () => other.hset(key, "other", "1000000", "", "x", "__proto__", `2${"A".repeat(43)}${Date.now()} 1000000`),
    ];
    for (const make of replace) {
      await other.del(key);
      await make();
      statuses.push(await send(server));
    }
    // A count that is real, in the place of another instance.
    await other.hset(key, "other", (await other.hget(key, own as string)) as string);
    statuses.push(await send(server));
    expect(statuses).not.toContain(429);
    // Whatever stands there, here it is known how many there were.
    await other.del(key);
    await other.rpush(key, "x");
    expect(await send(server)).toBe(429);
    expect(await other.hkeys(key)).toEqual([own]);
    await other.persist(key);
    expect(await send(server)).toBe(429);
    expect(await other.pttl(key)).toBeGreaterThan(0);
  });
});
