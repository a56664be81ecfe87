/** Both stores keep streams alike; each has bounds of its own. */
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LAST_SEQ, newStreamName, STANDALONE } from "../../../src/http/events/event-id.ts";
import type { EventStore, StoredEvent } from "../../../src/http/events/event-store.ts";
import { createMemoryStore } from "../../../src/http/events/memory-store.ts";
import { createRedisStore } from "../../../src/http/events/redis-store.ts";
import { connectRedis, type RedisLink } from "../../../src/http/redis/link.ts";
import { silentLog } from "../../../src/log/log.ts";
import { hasRedis, startRedis, type RedisServer } from "../redis/redis-server.ts";

const HEAD = { owner: "i", id: 7, tool: "t" };
const events = (...seqs: readonly number[]): StoredEvent[] => seqs.map((seq) => ({ seq, data: `{"n":${seq}}` }));
let scopes = 0;
const call = () => ({ scope: `s${(scopes += 1)}`, stream: newStreamName() });
const standalone = () => ({ scope: `s${(scopes += 1)}`, stream: STANDALONE });

function keeps(storeOf: () => EventStore): void {
  it("a stream from its opening to its end", async () => {
    const store = storeOf();
    const key = call();
    expect(await store.read(key, 0)).toBeUndefined();
    await store.open(key, HEAD);
    expect(await store.read(key, 0)).toEqual({ events: [], ended: false, head: HEAD });
    expect(await store.append(key, HEAD, events(1, 2), false)).toBe(true);
    expect(await store.append(key, HEAD, events(3), true)).toBe(true);
    expect(await store.read(key, 0)).toEqual({ events: events(1, 2, 3), ended: true, head: HEAD });
    expect(await store.read(key, 1)).toEqual({ events: events(2, 3), ended: true, head: HEAD });
    expect(await store.read(key, 3)).toEqual({ events: [], ended: true, head: HEAD });
  });

  it("one end, whoever writes it", async () => {
    const store = storeOf();
    const key = call();
    await store.open(key, HEAD);
    const ends = [1, 2, 3, 4].map((n) => store.append(key, HEAD, [{ seq: LAST_SEQ, data: `${n}` }], true));
    expect((await Promise.all(ends)).filter(Boolean)).toHaveLength(1);
    expect(await store.append(key, HEAD, events(1), false)).toBe(false);
    const kept = await store.read(key, 0);
    expect(kept).toMatchObject({ ended: true });
    expect(kept?.events).toHaveLength(1);
    expect(await store.read(key, LAST_SEQ)).toMatchObject({ events: [], ended: true });
  });

  it("an end without an event, as of a cancelled call", async () => {
    const store = storeOf();
    const key = call();
    await store.append(key, HEAD, events(1), false);
    await store.append(key, HEAD, [], true);
    expect(await store.read(key, 0)).toEqual({ events: events(1), ended: true, head: HEAD });
  });

  it("what is written twice once, also where it has grown in between", async () => {
    const store = storeOf();
    const key = call();
    await store.append(key, HEAD, events(1, 2), false);
    await store.append(key, HEAD, events(1, 2), false);
    await store.append(key, HEAD, events(1, 2, 3), false);
    await store.append(key, HEAD, events(2, 3, 4), true);
    expect((await store.read(key, 0))?.events).toEqual(events(1, 2, 3, 4));
    expect((await store.read(key, 2))?.events).toEqual(events(3, 4));
  });

  it("a session's own stream, with many writers and numbers that grow", async () => {
    const store = storeOf();
    const key = standalone();
    expect(await store.newestStandalone(key)).toBe(0);
    await Promise.all(["a", "b", "c"].map((data) => store.appendStandalone(key, data)));
    const all = (await store.read(key, 0))?.events ?? [];
    expect(all.map(({ data }) => data).sort()).toEqual(["a", "b", "c"]);
    const seqs = all.map(({ seq }) => seq);
    expect([...seqs].sort((a, b) => a - b)).toEqual(seqs);
    expect(seqs.every(Number.isSafeInteger)).toBe(true);
    expect(await store.newestStandalone(key)).toBe(seqs[2]);
    expect((await store.read(key, seqs[0] as number))?.events).toEqual(all.slice(1));
  });

  it("what many write to a session's own stream at once, each in a number of its own", async () => {
    const store = storeOf();
    const key = standalone();
    const sent = Array.from({ length: 30 }, (_, at) => `${at}`);
    await Promise.all(sent.map((data) => store.appendStandalone(key, data)));
    const all = (await store.read(key, 0))?.events ?? [];
    expect(new Set(all.map(({ data }) => data))).toEqual(new Set(sent));
    expect(new Set(all.map(({ seq }) => seq)).size).toBe(30);
  });

  it("streams apart", async () => {
    const store = storeOf();
    const [one, two] = [call(), call()];
    await store.append(one, HEAD, events(1), false);
    expect(await store.read({ scope: two.scope, stream: one.stream }, 0)).toBeUndefined();
    expect(await store.read({ scope: one.scope, stream: two.stream }, 0)).toBeUndefined();
  });

  it("watchers awake, and lets one take over", async () => {
    const store = storeOf();
    const key = call();
    const seen: string[] = [];
    const watcher = (name: string) =>
      store.watch(
        key,
        () => seen.push(`${name} woke`),
        () => seen.push(`${name} superseded`),
      );
    const [a, b] = [watcher("a"), watcher("b")];
    await delay(30);
    b.takeOver();
    await store.append(key, HEAD, events(1), false);
    await delay(30);
    expect(new Set(seen)).toEqual(new Set(["a superseded", "a woke", "b woke"]));
    a.unwatch();
    b.unwatch();
    seen.length = 0;
    await store.append(key, HEAD, events(2), false);
    await delay(30);
    expect(seen).toEqual([]);
  });
}

describe("memory keeps", () => {
  const bounds = { maxEvents: 10, maxBytes: 1_000_000, ttlSeconds: 10 };
  keeps(() => createMemoryStore({ ...bounds, maxEvents: 1_000 }));

  it("at most so many events, the newest", async () => {
    const store = createMemoryStore(bounds);
    const [old, recent] = [call(), call()];
    await store.append(old, HEAD, events(1, 2, 3, 4), false);
    await store.append(recent, HEAD, events(1, 2, 3, 4, 5, 6, 7, 8), false);
    expect((await store.read(old, 0))?.events).toEqual(events(3, 4));
    await store.append(recent, HEAD, events(9, 10), false);
    expect(await store.read(old, 0)).toBeUndefined();
    expect((await store.read(recent, 0))?.events).toHaveLength(10);
    expect(store.stats()).toMatchObject({ stored_events: 10, dropped_events: 4 });
  });

  it("at most so many bytes", async () => {
    const store = createMemoryStore({ ...bounds, maxBytes: 5_000 });
    const key = call();
    for (const { seq } of events(1, 2, 3)) await store.append(key, HEAD, [{ seq, data: "x".repeat(1_500) }], false);
    expect((await store.read(key, 0))?.events.map(({ seq }) => seq)).toEqual([3]);
    expect(store.stats()["stored_bytes"]).toBeLessThanOrEqual(5_000);
    await store.append(key, HEAD, [{ seq: 4, data: "x".repeat(10_000) }], false);
    expect(store.stats()).toMatchObject({ stored_events: 0, stored_bytes: 0 });
  });

  it("no longer than it must, and gives no number out again", async () => {
    let now = 1_000_000;
    const store = createMemoryStore(bounds, () => now);
    const key = standalone();
    await store.appendStandalone(key, "a");
    const first = await store.newestStandalone(key);
    now += 10_001;
    expect(await store.read(key, 0)).toBeUndefined();
    await store.appendStandalone(key, "b");
    expect(await store.newestStandalone(key)).toBeGreaterThan(first);
  });
});

describe.skipIf(!hasRedis).each([
  ["in plain text", null],
  ["encrypted", Buffer.alloc(32, 3)],
])("Redis keeps, %s,", (_title, encryptionKey) => {
  let redis: RedisServer;
  let link: RedisLink;
  let store: EventStore;
  beforeAll(async () => {
    redis = await startRedis();
    link = connectRedis({ url: redis.url, keyPrefix: "t" }, silentLog);
    await link.waitUntilAvailable(5_000);
    store = createRedisStore(link, "me", { ttlSeconds: 10, encryptionKey });
  });
  afterAll(async () => {
    await link.close();
    await redis.close();
  });
  keeps(() => store);

  it("about as many entries as its bound", async () => {
    const key = call();
    for (let seq = 1; seq <= 3_000; seq += 100)
      await Promise.all(Array.from({ length: 100 }, (_, at) => store.append(key, HEAD, events(seq + at), false)));
    const read: number[] = [];
    for (let last = 0, count = 1; count > 0;) {
      const kept = await store.read(key, last);
      count = kept?.events.length ?? 0;
      read.push(...(kept?.events ?? []).map(({ seq }) => seq));
      last = read.at(-1) ?? 0;
    }
    expect(read.length).toBeGreaterThanOrEqual(1_000);
    expect(read.length).toBeLessThan(1_300);
    expect(read.at(-1)).toBe(3_000);
    expect((await store.read(key, 3_000))?.head).toEqual(HEAD);
  });

  it("nothing that it cannot read", async () => {
    const key = call();
    await link.client.xadd(`t:{${key.scope}}:${key.stream}`, "1-0", "d", "?garbage");
    await link.client.xadd(`t:{${key.scope}}:${key.stream}`, "2-0", "else", "x");
    expect(await store.read(key, 0)).toEqual({ events: [], ended: false });
  });
});
