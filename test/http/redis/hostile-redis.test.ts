/** Somebody else writes to Redis: messages, records and keys of every wrong kind, against real instances. */
import { createHmac } from "node:crypto";
import type { ChainableCommander } from "ioredis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Log } from "../../../src/log/log.ts";
import { answers, connectRedis, type RedisLink } from "../../../src/http/redis/link.ts";
import { createRedisStore } from "../../../src/http/events/redis-store.ts";
import { RedisSessions } from "../../../src/http/legacy/redis-sessions.ts";
import { createInstances } from "../../../src/http/redis/instances.ts";
import { createRedisSpentStates } from "../../../src/http/redis/spent-states.ts";
import { createSignedMessages } from "../../../src/http/redis/signed-messages.ts";
import { createTrust } from "../../../src/http/redis/trust.ts";
import { silentLog } from "../../../src/log/log.ts";
import { startInstances, type Instance } from "../legacy/cluster.ts";
import { allEvents, call, events, messages, open, post } from "../legacy/wire.ts";
import { hasRedis } from "./redis-server.ts";

const lines: [string, string][] = [];
const log: Log = { write: (level, message) => void lines.push([level, message]), flush: async () => undefined };
const tools = {
  quick: async () => ({ content: [{ type: "text", text: "done" }] }),
  asks: async (_args: unknown, link: { elicit?: (text: string, schema: object) => Promise<unknown> }) => {
    const answer = await link.elicit?.("Delete everything?", { type: "object", properties: {} });
    return { content: [{ type: "text", text: JSON.stringify(answer) }] };
  },
} as never;

let cluster: Awaited<ReturnType<typeof startInstances>>;
let attacker: RedisLink;
let one: Instance;
let two: Instance;
beforeEach(async () => {
  lines.length = 0;
  cluster = await startInstances(2, { tools, log });
  [one, two] = cluster.instances as [Instance, Instance];
  attacker = connectRedis({ url: cluster.redis.url, keyPrefix: "evil" }, silentLog, { commandMs: 5_000 });
  await attacker.waitUntilAvailable(5_000);
});
afterEach(async () => {
  await attacker.close();
  await cluster.close();
});

/** Of each instance, and of all. */
async function channels(): Promise<string[]> {
  const open = async () => (await attacker.client.pubsub("CHANNELS", "t:*")) as string[];
  await expect.poll(open, { timeout: 10_000 }).toHaveLength(3);
  return open();
}
const droppedBy = ({ endpoint }: Instance) => endpoint.dropped?.() ?? {};
const settle = () => new Promise((resolve) => setTimeout(resolve, 100));

async function stillServes(): Promise<void> {
  for (const { url } of [one, two]) {
    const session = await open(url);
    const response = await post(url, call(1, "quick"), session);
    expect(response.status).toBe(200);
    const answer = messages(await allEvents(response));
    expect(answer.at(-1)).toMatchObject({ id: 1, result: { content: [{ text: "done" }] } });
  }
}

const FORGED = (session: string) => ({
  answer: { kind: "answer", number: 1, id: 1, scope: session, response: { jsonrpc: "2.0", id: 1, result: {} } },
  ended: { kind: "ended", sessionId: session },
  cancel: { kind: "cancel", scope: session, id: 1 },
  notify: { kind: "notify", sessionId: session, data: '{"jsonrpc":"2.0","method":"evil"}' },
  resumed: { kind: "resumed", key: { scope: session, stream: "x" }, head: { owner: "x", id: 1, tool: "x" } },
});

const NOT_MESSAGES = [
  "",
  "null",
  "not json",
  "{",
  "[]",
  "0",
  '"x"',
  '{"from":"x"}',
  '{"from":"x","message":null}',
  '{"__proto__":{"polluted":true},"from":"x","message":{"__proto__":{"polluted":true}}}',
  `${"A".repeat(43)}x 1 1\n{}`,
  "A".repeat(43),
  "\u0000\uffff".repeat(1_000),
  "9".repeat(1_000_000),
];

describe.skipIf(!hasRedis)("a message on an instance's channel", () => {
  it("of any wrong form ends nothing, is counted, and logged once", async () => {
    for (const channel of await channels())
      for (const text of NOT_MESSAGES) await attacker.client.publish(channel, text);
    for (const instance of [one, two])
      await expect.poll(() => droppedBy(instance)["message"], { timeout: 10_000 }).toBe(2 * NOT_MESSAGES.length);
    expect(lines.filter(([, text]) => text.includes("a message in Redis is not this server's"))).toHaveLength(2);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    await stillServes();
  });

  it("that is forged answers no question, ends no session and cancels no call", async () => {
    const session = await open(one.url, {}, { elicitation: { form: {} } });
    const id = session["mcp-session-id"] as string;
    const response = await post(one.url, call(1, "asks"), session);
    const stream = events(response);
    // The first event primes the stream.
    await stream.next();
    const asked = (await stream.next()).value as { readonly data: string };
    const question = JSON.parse(asked.data) as Record<string, unknown>;
    const [, number, questionId] = String(question["id"]).split(".").map(Number) as [number, number, number];
    const stolen = createSignedMessages(createTrust({ encryptionKey: Buffer.alloc(32, 9) }).macKey, "evil");
    let sent = 0;
    for (const channel of await channels()) {
      for (const message of Object.values(FORGED(id))) {
        const text = JSON.stringify({ ...message, ...("number" in message && { number, id: questionId }) });
        const envelopes = [
          JSON.stringify({ from: "evil", message: JSON.parse(text) as unknown }),
          stolen.close(channel, text),
          createHmac("sha256", "").update(text).digest("base64url") + `evil 1 ${Date.now()}\n${text}`,
        ];
        for (const envelope of envelopes) sent += await attacker.client.publish(channel, envelope);
      }
    }
    const dropped = () => (droppedBy(one)["message"] ?? 0) + (droppedBy(two)["message"] ?? 0);
    await expect.poll(dropped, { timeout: 10_000 }).toBe(sent);
    await post(one.url, { jsonrpc: "2.0", id: question["id"], result: { action: "decline" } }, session);
    const rest: Record<string, unknown>[] = [];
    for await (const { data } of stream) if (data !== "") rest.push(JSON.parse(data) as Record<string, unknown>);
    expect(rest).toEqual([
      expect.objectContaining({
        id: 1,
        result: expect.objectContaining({ content: [{ type: "text", text: '{"action":"decline"}' }] }),
      }),
    ]);
  });

  it("is not taken twice, nor on another channel, nor long after", () => {
    const trust = createTrust({ encryptionKey: null });
    let now = 1_000_000;
    const sender = createSignedMessages(trust.macKey, "sender", () => now);
    const receiver = createSignedMessages(trust.macKey, "receiver", () => now);
    const text = sender.close("c", "payload");
    expect(receiver.open("d", text)).toEqual({ fault: "not authentic" });
    expect(receiver.open("c", text)).toEqual({ from: "sender", payload: "payload" });
    expect(receiver.open("c", text)).toEqual({ fault: "came before" });
    const late = sender.close("c", "payload");
    now += 400_000;
    expect(receiver.open("c", late)).toEqual({ fault: expect.stringContaining("too old") as string });
    for (let at = 0; at < text.length; at += 1) {
      const changed = text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
      expect(receiver.open("c", changed)).toHaveProperty("fault");
    }
  });
});

type Put = (transaction: ChainableCommander, key: string) => ChainableCommander;
const KEYS_OF_TYPE: Readonly<Record<string, Put>> = {
  string: (transaction, key) => transaction.set(key, "garbage"),
  list: (transaction, key) => transaction.rpush(key, "garbage"),
  set: (transaction, key) => transaction.sadd(key, "garbage"),
  hash: (transaction, key) => transaction.hset(key, "garbage", "1"),
  zset: (transaction, key) => transaction.zadd(key, 1, "garbage"),
  stream: (transaction, key) => transaction.xadd(key, "*", "garbage", "1"),
};

/** At once: an instance renews its lease all the time, also between the removal of what was there and the new key. */
const replace = (key: string, put: Put) => answers(put(attacker.client.multi().del(key), key));

describe.skipIf(!hasRedis)("keys of another type or content", () => {
  it.each(Object.keys(KEYS_OF_TYPE))("%s: every key of the server's is repaired", async (type) => {
    const put = KEYS_OF_TYPE[type] as Put;
    const session = await open(one.url);
    await allEvents(await post(one.url, call(1, "quick"), session));
    for (const key of await attacker.client.keys("t:*")) await replace(key, put);
    await stillServes();
    // The instance that knows the session restores it, and the other one then finds it.
    expect((await allEvents(await post(one.url, call(2, "quick"), session))).length).toBeGreaterThan(0);
    expect((await post(two.url, call(3, "quick"), session)).status).toBe(200);
    expect((droppedBy(one)["record"] ?? 0) + (droppedBy(two)["record"] ?? 0)).toBeGreaterThan(0);
  });

  it("a record that was written by somebody else opens no session", async () => {
    const id = "00000000-0000-4000-8000-000000000000";
    const record = JSON.stringify({ binding: "alice", revision: "2025-11-25", initialize: {} });
    for (const text of [record, `0${record}`, `1${record}`, `2${"A".repeat(43)}${record}`, "ended", "null"]) {
      await attacker.client.set(`t:{${id}}:session`, text);
      const answer = await post(one.url, call(1, "quick"), { "mcp-session-id": id });
      expect([text, answer.status]).toEqual([text, 404]);
    }
    expect(droppedBy(one)["record"]).toBe(6);
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
    await stillServes();
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
    for (let asked = 0; asked < 6; asked += 1) {
      expect(await here.isDead(other.self)).toBe(false);
      await settle();
    }
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

  it("whether a yes counts: a mark that is taken away still counts here, one that is put there costs it", async () => {
    const spent = createRedisSpentStates(attacker);
    expect(await spent.spend("a", 60_000)).toBe("fresh");
    await attacker.client.del("evil:spent:a");
    expect(await spent.spend("a", 60_000)).toBe("spent");
    for (const put of Object.values(KEYS_OF_TYPE)) {
      await replace("evil:spent:b", put);
      expect(await spent.spend("b", 60_000)).toBe("spent");
    }
  });
});

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

  it("of a session's own stream, copied behind it, comes once, and what is written afterwards still comes", async () => {
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
