/** Somebody else writes to the streams of events in Redis. */
import { describe, expect, it } from "vitest";
import { createRedisStore } from "../../../src/http/events/redis-store.ts";
import { hasRedis } from "./redis-server.ts";
import { attacker, useHostileRedis } from "./hostile-cluster.ts";

useHostileRedis();

describe.skipIf(!hasRedis)("an event", () => {
  const HEAD = { owner: "writer", id: 1, tool: "delete_prompt" };
  const evil = "0123456789012345678901";

  it("behind a thousand that are none is found, and none of them", async () => {
    const store = createRedisStore(attacker, "here", { ttlSeconds: 60, encryptionKey: null });
    const key = { scope: "s", stream: evil };
    const name = `evil:{s}:${evil}`;
    await store.open(key, HEAD);
    await store.append(key, HEAD, [{ seq: 1, data: "one" }], false);
    const [[, fields]] = (await attacker.client.xrevrange(name, "+", "-", "COUNT", 1)) as [[string, string[]]];
    for (let n = 1; n <= 300; n += 1) await attacker.client.xadd(name, `1-${n}`, ...fields);
    for (let n = 301; n <= 600; n += 1) await attacker.client.xadd(name, `1-${n}`, "d", "garbage", "n", String(n));
    await store.append(key, HEAD, [{ seq: 2, data: "two" }], true);
    const stored = await store.read(key, 0);
    expect(stored).toMatchObject({ head: HEAD });
    const rest = await store.read(key, 1);
    expect(rest).toEqual({ events: [{ seq: 2, data: "two" }], ended: true, head: HEAD });
    // At the end, where they would hide whose call it is.
    const open = { scope: "s", stream: `${evil.slice(0, -1)}2` };
    await store.open(open, HEAD);
    for (let n = 1; n <= 120; n += 1) await attacker.client.xadd(`evil:{s}:${open.stream}`, `7-${n}`, ...fields);
    expect(await store.read(open, 0)).toMatchObject({ events: [], ended: false, head: HEAD });
  });

  it("of a session's own stream is not moved to the end of all time", async () => {
    const store = createRedisStore(attacker, "here", { ttlSeconds: 60, encryptionKey: null });
    const key = { scope: "s", stream: "get" };
    await store.appendStandalone(key, "one");
    const [[id, fields]] = (await attacker.client.xrevrange("evil:{s}:get", "+", "-")) as [[string, string[]]];
    await attacker.client.xadd("evil:{s}:get", "18446744073709551615-0", ...fields);
    expect(await store.newestStandalone(key)).toBe(Number(id.split("-")[0]) * 1_000 + Number(id.split("-")[1]));
    expect((await store.read(key, 0))?.events.map(({ data }) => data)).toEqual(["one"]);
    await store.appendStandalone(key, "two");
    expect((await store.read(key, 0))?.events.map(({ data }) => data)).toEqual(["two"]);
  });

  it("of a session's own stream, copied behind it, comes once, and so does what follows", async () => {
    const store = createRedisStore(attacker, "here", { ttlSeconds: 60, encryptionKey: null });
    const key = { scope: "s", stream: "get" };
    await store.appendStandalone(key, "one");
    const [[id, fields]] = (await attacker.client.xrevrange("evil:{s}:get", "+", "-")) as [[string, string[]]];
    const ms = Number(id.split("-")[0]);
    for (const copy of [`${ms + 50}-0`, "*", `${ms + 86_000_000}-999`])
      await attacker.client.xadd("evil:{s}:get", copy, ...fields);
    const data = async (after = 0) => (await store.read(key, after))?.events.map((event) => event.data);
    expect(await data()).toEqual(["one"]);
    expect(await data(await store.newestStandalone(key))).toEqual([]);
    await store.appendStandalone(key, "two");
    expect(await data()).toEqual(["one", "two"]);
  });

  it("of a session's own stream comes though ids that are gone stand in its way", async () => {
    const store = createRedisStore(attacker, "here", { ttlSeconds: 60, encryptionKey: null });
    const key = { scope: "s", stream: "get" };
    const last = "18446744073709551615-18446744073709551615";
    await attacker.client.xadd("evil:{s}:get", last, "d", "garbage");
    await attacker.client.xdel("evil:{s}:get", last);
    await store.appendStandalone(key, "one");
    expect((await store.read(key, 0))?.events.map(({ data }) => data)).toEqual(["one"]);
  });
});
