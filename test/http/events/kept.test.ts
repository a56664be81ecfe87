/** What is kept is bounded for each owner before it is bounded in all, in memory and in a real Redis. */
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { newStreamName, type StreamKey } from "../../../src/http/events/event-id.ts";
import { KeptLimits } from "../../../src/http/events/kept-limits.ts";
import { createMemoryStore } from "../../../src/http/events/memory-store.ts";
import { createRedisStore } from "../../../src/http/events/redis-store.ts";
import type { EventStore } from "../../../src/http/events/event-store.ts";
import { connectRedis } from "../../../src/http/redis/link.ts";
import { silentLog } from "../../../src/log/log.ts";
import { text } from "../../mcp-adapters/fake-registry.ts";
import { serve, SETTINGS } from "../legacy/serve.ts";
import { allEvents, call, get, messages, open, post } from "../legacy/wire.ts";
import { startInstances } from "../legacy/cluster.ts";
import { hasRedis, startRedis } from "../redis/redis-server.ts";

const HEAD = { owner: "me", id: 1, tool: "t" };
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const key = (owner: string): StreamKey => ({ scope: `scope-${owner}`, stream: newStreamName(), owner });

async function keep(store: EventStore, owner: string, size: number): Promise<StreamKey> {
  const made = key(owner);
  await store.open(made, HEAD);
  await store.append(made, HEAD, [{ seq: 1, data: "x".repeat(size) }], true);
  return made;
}

const isKept = async (store: EventStore, made: StreamKey) => ((await store.read(made, 0))?.events.length ?? 0) > 0;

describe("one owner that keeps much", () => {
  it("in memory, pushes out its own and nobody else's", async () => {
    const store = createMemoryStore({ maxEvents: 10_000, maxBytes: 1_000_000, ttlSeconds: 60 });
    const mine = await keep(store, "me", 10_000);
    const flood: StreamKey[] = [];
    for (let n = 0; n < 500; n += 1) flood.push(await keep(store, "flood", 10_000));
    expect(await isKept(store, mine)).toBe(true);
    expect(store.stats()["stored_bytes"]).toBeLessThan(300_000);
    expect(await isKept(store, flood.at(-1) as StreamKey)).toBe(true);
    expect(await isKept(store, flood[0] as StreamKey)).toBe(false);
  });

  it.skipIf(!hasRedis)("in Redis, pushes out its own and nobody else's, and fills no memory", async () => {
    const redis = await startRedis();
    const link = connectRedis({ url: redis.url, keyPrefix: "t" }, silentLog);
    closing.push(
      () => redis.close(),
      () => link.close(),
    );
    await link.waitUntilAvailable(5_000);
    const store = createRedisStore(link, "me", { ttlSeconds: 60, encryptionKey: null, maxBytes: 8_000_000 });
    const mine = await keep(store, "me", 100_000);
    const flood: StreamKey[] = [];
    for (let n = 0; n < 400; n += 1) flood.push(await keep(store, "flood", 100_000));
    expect(await isKept(store, mine)).toBe(true);
    expect(await isKept(store, flood.at(-1) as StreamKey)).toBe(true);
    const [, used] = /used_memory:(\d+)/.exec((await link.client.info("memory")) as string) ?? [];
    expect(Number(used)).toBeLessThan(12_000_000);
    expect((await link.client.keys("t:{scope-flood}*")).length).toBeLessThan(30);
  });

  it("holds whatever the order and the sizes", () => {
    const added = fc.record({
      owner: fc.option(fc.constantFrom("a", "b", "__proto__", "constructor"), { nil: undefined }),
      bytes: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(fc.array(added, { maxLength: 200 }), (items) => {
        const limits = new KeptLimits<{ owner?: string; bytes: number }>({ maxItems: 40, maxBytes: 400 });
        const kept = new Set<object>();
        let deletedTwice = 0;
        for (const { owner, bytes } of items) {
          const item = { bytes, ...(owner !== undefined && { owner }) };
          limits.add(item);
          kept.add(item);
          for (let excess = limits.excess(owner); excess !== undefined; excess = limits.excess(owner)) {
            if (!limits.delete(excess)) deletedTwice += 1;
            kept.delete(excess);
          }
        }
        expect(deletedTwice).toBe(0);
        const left = [...kept] as { owner?: string; bytes: number }[];
        expect(left.length).toBe(limits.size);
        expect(left.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(limits.bytes);
        const shares = ["a", "b", "__proto__", "constructor"].map((name) => {
          const own = left.filter(({ owner }) => owner === name);
          return { name, items: own.length, bytes: own.reduce((sum, { bytes }) => sum + bytes, 0) };
        });
        expect(shares.filter(({ items, bytes }) => items > 10 || bytes > 100)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

const LARGE = 6 * 1024 * 1024;
const tools = { write: () => text("w".repeat(LARGE)) };

describe("an answer too large to keep", () => {
  const isWhole = (message: Record<string, unknown> | undefined) =>
    (message?.["result"] as { content: { text: string }[] }).content[0]?.text.length === LARGE;

  async function reaches(url: string, elsewhere = url): Promise<void> {
    const session = await open(url);
    const all = await allEvents(await post(url, call(7, "write"), session));
    const said = messages(all);
    expect(isWhole(said.at(-1))).toBe(true);
    expect(said.at(-2)).toMatchObject({
      method: "notifications/message",
      params: { data: expect.stringContaining("cannot be fetched again") as string },
    });
    // Whoever comes back is told that the call has ended, and is not left waiting.
    const resumed = await get(elsewhere, { ...session, "last-event-id": all[0]?.id as string });
    expect(messages(await allEvents(resumed))).toEqual([
      expect.objectContaining({
        id: 7,
        error: expect.objectContaining({ data: { outcome: "ended", tool: "write" } }) as object,
      }),
    ]);
  }

  it("reaches its client whole, and says that it is not kept", async () => {
    const served = await serve({
      tools,
      http: { eventStore: { ...SETTINGS.eventStore, kind: "memory", maxBytes: 64_000_000, maxEvents: 10_000 } },
    });
    closing.push(() => served.close());
    await reaches(served.url);
  });

  it.skipIf(!hasRedis)("does so with Redis, on another instance too", async () => {
    const cluster = await startInstances(2, {
      tools,
      http: { eventStore: { ...SETTINGS.eventStore, kind: "redis", maxBytes: 64_000_000 } },
    });
    closing.push(() => cluster.close());
    const [one, two] = cluster.instances;
    await reaches(one!.url, two!.url);
  });
});
