/** Somebody else writes to Redis: messages, records and keys of every wrong kind, against real instances. */
import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Log } from "../../../src/log/log.ts";
import { connectRedis, type RedisLink } from "../../../src/http/redis/link.ts";
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
  attacker = connectRedis({ url: cluster.redis.url, keyPrefix: "evil" }, silentLog);
  await attacker.waitUntilAvailable(5_000);
});
afterEach(async () => {
  await attacker.close();
  await cluster.close();
});

const channels = async () => (await attacker.client.pubsub("CHANNELS", "t:*")) as string[];
const droppedBy = ({ endpoint }: Instance) => endpoint.dropped?.() ?? {};
const settle = () => new Promise((resolve) => setTimeout(resolve, 100));

async function stillServes(): Promise<void> {
  for (const { url } of [one, two]) {
    const session = await open(url);
    const answer = messages(await allEvents(await post(url, call(1, "quick"), session)));
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
    const all = await channels();
    expect(all).toHaveLength(3);
    for (const channel of all) for (const text of NOT_MESSAGES) await attacker.client.publish(channel, text);
    await settle();
    expect(droppedBy(one)["message"]).toBe(2 * NOT_MESSAGES.length);
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
    for (const channel of await channels()) {
      for (const message of Object.values(FORGED(id))) {
        const text = JSON.stringify({ ...message, ...("number" in message && { number, id: questionId }) });
        const envelopes = [
          JSON.stringify({ from: "evil", message: JSON.parse(text) as unknown }),
          stolen.close(channel, text),
          createHmac("sha256", "").update(text).digest("base64url") + `evil 1 ${Date.now()}\n${text}`,
        ];
        for (const envelope of envelopes) await attacker.client.publish(channel, envelope);
      }
    }
    await settle();
    await post(one.url, { jsonrpc: "2.0", id: question["id"], result: { action: "decline" } }, session);
    const rest: Record<string, unknown>[] = [];
    for await (const { data } of stream) if (data !== "") rest.push(JSON.parse(data) as Record<string, unknown>);
    expect(rest).toEqual([
      expect.objectContaining({
        id: 1,
        result: expect.objectContaining({ content: [{ type: "text", text: '{"action":"decline"}' }] }),
      }),
    ]);
    expect(droppedBy(two)["message"]).toBeGreaterThan(0);
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

const KEYS_OF_TYPE: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
  string: (key) => attacker.client.set(key, "garbage"),
  list: (key) => attacker.client.rpush(key, "garbage"),
  set: (key) => attacker.client.sadd(key, "garbage"),
  hash: (key) => attacker.client.hset(key, "garbage", "1"),
  zset: (key) => attacker.client.zadd(key, 1, "garbage"),
  stream: (key) => attacker.client.xadd(key, "*", "garbage", "1"),
};

describe.skipIf(!hasRedis)("keys of another type or content", () => {
  it.each(Object.keys(KEYS_OF_TYPE))("%s: every key of the server's is repaired", async (type) => {
    const make = KEYS_OF_TYPE[type] as (key: string) => Promise<unknown>;
    const session = await open(one.url);
    await allEvents(await post(one.url, call(1, "quick"), session));
    for (const key of await attacker.client.keys("t:*")) {
      await attacker.client.del(key);
      await make(key);
    }
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
