/** Somebody else writes keys in Redis: of every wrong type and content, against real instances. */
import { describe, expect, it } from "vitest";
import type { RedisLink } from "../../../src/http/redis/link.ts";
import { RedisSessions } from "../../../src/http/legacy/sessions/redis-sessions.ts";
import { createInstances } from "../../../src/http/redis/instances.ts";
import { createRedisSpentStates } from "../../../src/http/redis/spent-states.ts";
import { createTrust } from "../../../src/http/redis/trust.ts";
import { allEvents, call, open, post } from "../legacy/wire.ts";
import { hasRedis } from "./redis-server.ts";
import {
  attacker,
  countDropped,
  KEYS_OF_TYPE,
  one,
  type Put,
  replace,
  settle,
  expectBothServe,
  two,
  useHostileRedis,
} from "./hostile-cluster.ts";

useHostileRedis();

describe.skipIf(!hasRedis)("keys of another type or content", () => {
  it.each(Object.keys(KEYS_OF_TYPE))("%s: every key of the server's is repaired", async (type) => {
    const put = KEYS_OF_TYPE[type] as Put;
    const session = await open(one.url);
    await allEvents(await post(one.url, call(1, "quick"), session));
    for (const key of await attacker.client.keys("t:*")) await replace(key, put);
    await expectBothServe();
    // The instance that knows the session restores it, and the other one then finds it.
    expect((await allEvents(await post(one.url, call(2, "quick"), session))).length).toBeGreaterThan(0);
    expect((await post(two.url, call(3, "quick"), session)).status).toBe(200);
    expect((countDropped(one)["record"] ?? 0) + (countDropped(two)["record"] ?? 0)).toBeGreaterThan(0);
  });

  it("a record that was written by somebody else opens no session", async () => {
    const id = "00000000-0000-4000-8000-000000000000";
    const record = JSON.stringify({ binding: "alice", revision: "2025-11-25", initialize: {} });
    const forged = [record, `0${record}`, `1${record}`, `2${"A".repeat(43)}${record}`, "ended", "null"];
    const statuses: unknown[] = [];
    for (const text of forged) {
      await attacker.client.set(`t:{${id}}:session`, text);
      const answer = await post(one.url, call(1, "quick"), { "mcp-session-id": id });
      statuses.push([text, answer.status]);
    }
    expect(statuses).toEqual(forged.map((text) => [text, 404]));
    expect(countDropped(one)["record"]).toBe(6);
  });

  it("one session's record is no other's", async () => {
    const mine = await open(one.url, { "x-principal": "alice" });
    const theirs = await open(one.url, { "x-principal": "bob" });
    const key = (headers: Record<string, string>) => `t:{${headers["mcp-session-id"] as string}}:session`;
    await attacker.client.set(key(theirs), (await attacker.client.get(key(mine))) as string);
    const answer = await post(two.url, call(1, "quick"), { ...theirs, "x-principal": "alice" });
    expect(answer.status).toBe(404);
  });

  it("an index full of strange members ends nothing but them", async () => {
    const session = await open(one.url);
    const names = ["__proto__", "constructor", "", "x".repeat(10_000), "}{", "*", "\u0000"];
    await attacker.client.zadd("t:sessions", ...names.flatMap((name, at) => [at, name]));
    await attacker.client.zadd("t:sessions:owners", ...names.flatMap((name) => [1e15, name]));
    await expectBothServe();
    expect((await post(two.url, call(1, "quick"), session)).status).toBe(200);
  });
});

/** What somebody puts in place of a value: of no form, or of the form but sealed by nobody, or for elsewhere. */
const forgeries = (real: string, elsewhere: string): Readonly<Record<string, string>> => ({
  nothing: "",
  text: "9007199254740991",
  "of the plain form": `2${"A".repeat(43)}9007199254740991`,
  "of the encrypted form": `1${"A".repeat(60)}`,
  changed: `${real.slice(0, -1)}${real.endsWith("9") ? "8" : "9"}`,
  "of another place": elsewhere,
});

describe.skipIf(!hasRedis)("a lease", () => {
  const LEASE = { heartbeatMs: 40, leaseMs: 200 };

  it("that somebody else writes, again and again, keeps no instance alive", async () => {
    const link = attacker;
    const trust = createTrust({ encryptionKey: null });
    const here = createInstances(link, LEASE, trust);
    const other = createInstances(link, LEASE, trust);
    const there = createInstances(one.link, LEASE, trust);
    const theirs = createInstances({ ...one.link, prefix: "evil" } as RedisLink, LEASE, trust);
    const key = `evil:instance:${theirs.self}`;
    await expect.poll(() => attacker.client.get(key)).not.toBeNull();
    expect(await here.isDead(theirs.self)).toBe(false);
    const real = (await attacker.client.get(key)) as string;
    const elsewhere = (await attacker.client.get(`evil:instance:${other.self}`)) as string;
    await theirs.close();
    for (const [name, value] of Object.entries({ ...forgeries(real, elsewhere), again: real })) {
      await attacker.client.set(key, value);
      await expect
        .poll(
          async () => {
            await attacker.client.set(key, value);
            return here.isDead(theirs.self);
          },
          { message: name, timeout: 3_000, interval: 20 },
        )
        .toBe(true);
    }
    await attacker.client.del(key);
    await attacker.client.rpush(key, "x");
    expect(await here.isDead(theirs.self)).toBe(true);
    // Forged over the lease of one that lives, it is there again with the next sign of life.
    await attacker.client.set(`evil:instance:${other.self}`, "forged");
    const dead: boolean[] = [];
    for (let asked = 0; asked < 6; asked += 1) {
      dead.push(await here.isDead(other.self));
      await settle();
    }
    expect(dead).toEqual([false, false, false, false, false, false]);
    expect(trust.dropped().record).toBeGreaterThan(0);
    await Promise.all([here, other, there].map((instance) => instance.close()));
  });
});

describe.skipIf(!hasRedis)("what decides", () => {
  it("who loses a session is what the sessions' own records say", async () => {
    const limits = { max: 6, timeoutMs: 60_000 };
    let ahead = 0;
    const ended: string[] = [];
    const trust = createTrust({ encryptionKey: null });
    const sessions = new RedisSessions({
      link: attacker,
      encryptionKey: null,
      trust,
      limits,
      onEnd: (id) => ended.push(id),
      now: () => Date.now() + ahead,
    });
    const record = (binding: string) => ({ binding, revision: "2025-11-25", initialize: { capabilities: {} } });
    const mine = await sessions.open(record("me"));
    const flood: string[] = [];
    for (let n = 0; n < 5; n += 1) flood.push((await sessions.open(record("flood"))).id);
    for (const id of [mine.id, ...flood]) await attacker.client.pexpire(`evil:{${id}}:session`, 10_000);
    // As if everything were mine, and nothing the other's.
    await attacker.client.zadd("evil:sessions:owners", 1e9, "me", 0, "flood", 1e10, "nobody", 1e8, "__proto__");
    await attacker.client.zadd("evil:sessions:of:me", ...flood.flatMap((id) => ["0", id]));
    for (let n = 0; n < 50; n += 1) await attacker.client.zadd("evil:sessions:of:me", 1e15, `00000000-${n}`);
    await sessions.open(record("flood"));
    expect(flood).toContain(ended[0]);
    expect(await sessions.find(mine.id, "me")).toMatchObject({ id: mine.id });
    // Members that are no sessions take nobody's place.
    await attacker.client.zadd("evil:sessions", ...Array.from({ length: 200 }, (_, n) => [1e15, `x${n}`]).flat());
    const before = ended.length;
    ahead += 1;
    for (let n = 0; n < 3; n += 1) {
      const opened = await sessions.open(record("third"));
      await sessions.end(opened);
    }
    expect(ended).toHaveLength(before);
    sessions.close();
  });

  it("whether a yes counts: a mark that is taken away still counts here", async () => {
    const spent = createRedisSpentStates(attacker);
    expect(await spent.spend("a", 60_000)).toBe("fresh");
    await attacker.client.del("evil:spent:a");
    expect(await spent.spend("a", 60_000)).toBe("spent");
  });

  it.each(Object.entries(KEYS_OF_TYPE))("whether a yes counts: a %s that is put there costs it", async (_type, put) => {
    await replace("evil:spent:b", put);
    expect(await createRedisSpentStates(attacker).spend("b", 60_000)).toBe("spent");
  });
});
