/** The switch in front of Redis: it turns at the first command without an answer, nothing queues, and it turns back. */
import { randomBytes } from "node:crypto";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createInstances } from "../../../src/http/redis/instances.ts";
import { createRedisStore as createLoginStore } from "../../../src/http/oauth-proxy/redis-store.ts";
import { connectRedis, RedisAway, runPipeline, type RedisLink } from "../../../src/http/redis/link.ts";
import { silentLog } from "../../../src/log/log.ts";
import { hasRedis, startRedis, type RedisServer } from "./redis-server.ts";
import { listen } from "../../listen.ts";

/** A way to Redis that can go silent without being closed. */
async function silentWay(port: number) {
  let silent = false;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("data", (data) => void (silent || to.write(data)));
      from.on("error", () => undefined);
      from.on("close", () => to.destroy());
    }
  });
  const { port: ownPort } = await listen(server);
  return {
    url: `redis://127.0.0.1:${ownPort}`,
    silence: (on: boolean) => void (silent = on),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe.skipIf(!hasRedis)("the link to Redis", () => {
  let redis: RedisServer;
  const open: { close(): Promise<unknown> }[] = [];
  const link = async (url = redis.url): Promise<RedisLink> => {
    const made = connectRedis({ url, keyPrefix: "t" }, silentLog, { commandMs: 100, probeMs: 20 });
    open.push(made);
    await made.waitUntilAvailable(5_000);
    return made;
  };
  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
    await redis.close();
  });

  it("takes a transaction that a full Redis refuses for away", async () => {
    const { client, run, state } = await link();
    await client.call("CONFIG", "SET", "maxmemory", "1mb");
    await expect(run((each) => runPipeline(each.multi().set("t:a", "1").get("t:a")))).rejects.toThrow(RedisAway);
    expect(state()).toBe("away");
  });

  it("reads a login's key of another type as absent, and takes it away", async () => {
    const made = await link();
    const store = createLoginStore(made, randomBytes(32));
    await made.client.hset("t:oauth:grant:a", "x", "1");
    expect(await store.get("grant", "a")).toBeUndefined();
    expect(await store.take("grant", "a")).toBeUndefined();
    expect(await made.client.exists("t:oauth:grant:a")).toBe(0);
    await store.put("grant", "a", { b: 1 }, 1_000);
    expect(await store.get("grant", "a")).toEqual({ b: 1 });
  });

  it("passes on what Redis answers, errors as well", async () => {
    const { run, state } = await link();
    expect(await run((client) => client.set("t:a", "1"))).toBe("OK");
    await expect(run((client) => client.incr("t:a").then(() => client.lpush("t:a", "x")))).rejects.toThrow("WRONGTYPE");
    expect(state()).toBe("ok");
  });

  it("turns at a way that has gone silent, keeps nothing waiting, and comes back on a new one", async () => {
    const way = await silentWay(redis.port);
    open.push(way);
    const { run, state, client, waitUntilAvailable } = await link(way.url);
    way.silence(true);
    const started = performance.now();
    await expect(run((at) => at.get("t:a"))).rejects.toBeInstanceOf(RedisAway);
    expect(state()).toBe("away");
    const first = performance.now() - started;
    let refused = 0;
    for (let count = 0; count < 10_000; count += 1)
      await run((at) => at.get("t:a")).catch((error: unknown) => (refused += error instanceof RedisAway ? 1 : 0));
    expect(refused).toBe(10_000);
    await delay(700);
    expect((client as unknown as { commandQueue: { length: number } }).commandQueue.length).toBeLessThan(50);
    expect((client as unknown as { offlineQueue: { length: number } }).offlineQueue.length).toBe(0);
    expect(first).toBeLessThan(2_000);
    way.silence(false);
    expect(await waitUntilAvailable(10_000)).toBe(true);
    expect(await run((at) => at.get("t:a"))).toBeNull();
  });

  it("is away for a replica, which takes no writes", async () => {
    const one = await link();
    await one.client.call("REPLICAOF", "127.0.0.1", "1");
    await expect(one.run((client) => client.set("t:a", "1"))).rejects.toBeInstanceOf(RedisAway);
    await delay(100);
    expect(one.state()).toBe("away");
    await one.client.call("REPLICAOF", "NO", "ONE");
    expect(await one.waitUntilAvailable(5_000)).toBe(true);
  });

  it("says when Redis is there, and each time it is back, and listens again", async () => {
    const one = await link();
    const other = await link();
    let backs = 0;
    const heard: string[] = [];
    one.onAvailable(() => void (backs += 1));
    one.subscribe("t:c", (message) => heard.push(message));
    const gone = one.subscribe("t:gone", (message) => heard.push(message));
    expect(backs).toBe(1);
    await redis.restart();
    expect(await one.waitUntilAvailable(5_000)).toBe(true);
    expect(await other.waitUntilAvailable(5_000)).toBe(true);
    expect(backs).toBe(2);
    gone();
    await delay(200);
    await other.run((client) => client.publish("t:gone", "no"));
    await other.run((client) => client.publish("t:c", "yes"));
    await expect.poll(() => heard, { timeout: 5_000, interval: 10 }).toEqual(["yes"]);
  });

  it("can be made, used and closed with no Redis there", async () => {
    await redis.stop();
    const one = connectRedis({ url: redis.url, keyPrefix: "t" }, silentLog, { commandMs: 100, probeMs: 20 });
    expect(await one.waitUntilAvailable(100)).toBe(false);
    await expect(one.run((client) => client.get("t:a"))).rejects.toBeInstanceOf(RedisAway);
    await one.close();
  });

  it("refuses an address that is none", () => {
    expect(() => connectRedis({ url: "http://x", keyPrefix: "t" }, silentLog)).toThrow("MCP_REDIS_URL");
  });

  describe("and the instances behind it", () => {
    const LEASE = { heartbeatMs: 40, leaseMs: 200 };
    const millisecondsUntil = async (what: () => Promise<boolean>) => {
      const started = performance.now();
      await vi.waitUntil(what, { timeout: 5_000, interval: 10 });
      return performance.now() - started;
    };

    it("one that has died is gone after its lease and the time to be sure, not before", async () => {
      const [mine, theirs] = [await link(), await link()];
      const here = createInstances(mine, LEASE);
      const there = createInstances(theirs, LEASE);
      open.push(here);
      await delay(50);
      expect(await here.isDead(there.self)).toBe(false);
      expect(await here.isDead(here.self)).toBe(false);
      await theirs.close();
      const took = await millisecondsUntil(() => here.isDead(there.self));
      expect(took).toBeGreaterThan(150);
      expect(took).toBeLessThan(1_000);
      await there.close();
    });

    it("one that has ended in order is gone at once, but for the time to be sure", async () => {
      const here = createInstances(await link(), LEASE);
      const there = createInstances(await link(), LEASE);
      open.push(here);
      await delay(50);
      await there.close();
      expect(await millisecondsUntil(() => here.isDead(there.self))).toBeGreaterThan(60);
    });

    it("none is gone while Redis is away, nor because it was", async () => {
      const here = createInstances(await link(), LEASE);
      const there = createInstances(await link(), LEASE);
      open.push(here, there);
      await delay(50);
      expect(await here.isDead(there.self)).toBe(false);
      const askOften = async () => {
        const dead = new Set<boolean>();
        for (let count = 0; count < 60; count += 1) {
          dead.add(await here.isDead(there.self));
          await delay(10);
        }
        return dead;
      };
      redis.pause();
      expect(await askOften()).toEqual(new Set([false]));
      redis.unpause();
      expect(await askOften()).toEqual(new Set([false]));
    });
  });
});
