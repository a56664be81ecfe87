/** Sentinel and cluster, as far as one machine can have them: sessions and streams work, and survive a failover. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, describe, expect, it, vi } from "vitest";
import { connectRedis, type RedisLink } from "../../../src/http/redis/link.ts";
import { silentLog } from "../../../src/log/log.ts";
import { text } from "../../mcp-adapters/fake-registry.ts";
import { serve } from "../legacy/serve.ts";
import { IN_REDIS } from "../legacy/cluster.ts";
import { allEvents, call, get, messages, open, post } from "../legacy/wire.ts";
import { hasRedis, startRedis } from "./redis-server.ts";
import { freePort } from "../../free-port.ts";

const cleanUp: (() => unknown)[] = [];
afterAll(async () => {
  for (const step of cleanUp.reverse()) await step();
});

const tools = {
  two: (_args: object, link: { progress?: (done: number) => void }) => {
    link.progress?.(1);
    link.progress?.(2);
    return text("done");
  },
};

/** Two instances: a session and a call of the one, resumed and cancelled on the other. */
async function works(url: string): Promise<RedisLink> {
  const links = [1, 2].map(() => connectRedis({ url, keyPrefix: "t" }, silentLog));
  cleanUp.push(() => Promise.all(links.map((link) => link.close())));
  expect(await Promise.all(links.map((link) => link.waitUntilAvailable(10_000)))).toEqual([true, true]);
  const [here, there] = await Promise.all(
    links.map((redis) => serve({ tools, redis, http: { eventStore: IN_REDIS } })),
  );
  cleanUp.push(() => Promise.all([here?.close(), there?.close()]));
  const session = await open(here?.url as string);
  const [primed] = await allEvents(await post(there?.url as string, call(1, "two", {}, 1), session));
  await delay(50);
  const resumed = messages(
    await allEvents(await get(here?.url as string, { ...session, "last-event-id": primed?.id as string })),
  );
  expect(resumed.map(({ params, result }) => params?.progress ?? result)).toEqual([1, 2, text("done")]);
  const listening = await get(there?.url as string, session);
  expect((await fetch(here?.url as string, { method: "DELETE", headers: session })).status).toBe(200);
  await allEvents(listening);
  expect((await post(there?.url as string, call(2, "two"), session)).status).toBe(404);
  return links[0] as RedisLink;
}

describe.skipIf(!hasRedis)("the server works with Redis as", () => {
  it("a cluster", async () => {
    const redis = await startRedis({ options: ["--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1"] });
    cleanUp.push(redis.close);
    const admin = connectRedis({ url: redis.url, keyPrefix: "t" }, silentLog);
    await vi.waitUntil(() => admin.client.status === "ready", { timeout: 30_000, interval: 10 });
    await admin.client.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    while (!String(await admin.client.call("CLUSTER", "INFO")).includes("cluster_state:ok")) await delay(20);
    await admin.close();
    await works(`redis+cluster://127.0.0.1:${redis.port}`);
  });

  it("a master with sentinels, through a failover", async () => {
    const master = await startRedis();
    const replica = await startRedis({ options: ["--replicaof", "127.0.0.1", String(master.port)] });
    cleanUp.push(master.close, replica.close);
    const directory = await mkdtemp(join(tmpdir(), "sentinel-"));
    const port = await freePort();
    const file = join(directory, "sentinel.conf");
    await writeFile(
      file,
      [
        `port ${port}`,
        "bind 127.0.0.1",
        `dir ${directory}`,
        `sentinel monitor main 127.0.0.1 ${master.port} 1`,
        "sentinel down-after-milliseconds main 500",
        "sentinel failover-timeout main 2000",
      ].join("\n"),
    );
    const sentinel = spawn("redis-server", [file, "--sentinel"], { stdio: "ignore" });
    cleanUp.push(async () => {
      sentinel.kill("SIGKILL");
      await rm(directory, { recursive: true, force: true });
    });
    const link = await works(`redis+sentinel://127.0.0.1:${port}/main`);
    // The sentinel must know of the replica before it can choose it.
    const admin = connectRedis({ url: `redis://127.0.0.1:${port}`, keyPrefix: "t" }, silentLog);
    await vi.waitUntil(() => admin.client.status === "ready", { timeout: 30_000, interval: 10 });
    while (((await admin.client.call("SENTINEL", "replicas", "main")) as unknown[]).length === 0) await delay(100);
    await admin.close();
    await master.stop();
    await vi.waitUntil(() => link.state() !== "ok", { timeout: 30_000, interval: 20 });
    expect(await link.waitUntilAvailable(20_000)).toBe(true);
    expect(await link.run((redis) => redis.set("t:x", "1", "PX", 1_000))).toBe("OK");
  }, 60_000);
});
