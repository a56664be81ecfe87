/** Instances whose Redis somebody else writes to as well. */
import { setTimeout as delay } from "node:timers/promises";
import type { ChainableCommander } from "ioredis";
import { afterEach, beforeEach, expect } from "vitest";
import type { Log } from "../../../src/log/log.ts";
import { runPipeline, connectRedis, type RedisLink } from "../../../src/http/redis/link.ts";
import { silentLog } from "../../../src/log/log.ts";
import { startInstances, type Instance } from "../legacy/cluster.ts";
import { allEvents, call, messages, open, post } from "../legacy/wire.ts";

/** What the instances logged. */
export const lines: [string, string][] = [];
const log: Log = { write: (level, message) => void lines.push([level, message]), flush: async () => undefined };
const tools = {
  quick: async () => ({ content: [{ type: "text", text: "done" }] }),
  asks: async (_args: unknown, link: { elicit?: (text: string, schema: object) => Promise<unknown> }) => {
    const answer = await link.elicit?.("Delete everything?", { type: "object", properties: {} });
    return { content: [{ type: "text", text: JSON.stringify(answer) }] };
  },
} as never;

/** Of the test that runs; set by the hooks. */
let cluster: Awaited<ReturnType<typeof startInstances>>;
export let attacker: RedisLink;
export let one: Instance;
export let two: Instance;
/** Registers the hooks of one file: two instances, and somebody else at their Redis. */
export function useHostileRedis(): void {
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
}

/** Of each instance, and of all. */
export async function channels(): Promise<string[]> {
  const open = async () => (await attacker.client.pubsub("CHANNELS", "t:*")) as string[];
  await expect.poll(open, { timeout: 10_000 }).toHaveLength(3);
  return open();
}
/** What an instance dropped, by kind. */
export const countDropped = ({ endpoint }: Instance) => endpoint.dropped?.() ?? {};
/** Waits until what was just written has been noticed. */
export const settle = () => delay(100);

/** That each instance opens a session and answers a call in it. */
export async function expectBothServe(): Promise<void> {
  const done = { status: 200, answer: { id: 1, result: { content: [{ text: "done" }] } } };
  expect([await callQuick(one), await callQuick(two)]).toMatchObject([done, done]);
}

async function callQuick({ url }: Instance) {
  const response = await post(url, call(1, "quick"), await open(url));
  return { status: response.status, answer: messages(await allEvents(response)).at(-1) };
}

export type Put = (transaction: ChainableCommander, key: string) => ChainableCommander;
/** Puts a key of each type of Redis. */
export const KEYS_OF_TYPE: Readonly<Record<string, Put>> = {
  string: (transaction, key) => transaction.set(key, "garbage"),
  list: (transaction, key) => transaction.rpush(key, "garbage"),
  set: (transaction, key) => transaction.sadd(key, "garbage"),
  hash: (transaction, key) => transaction.hset(key, "garbage", "1"),
  zset: (transaction, key) => transaction.zadd(key, 1, "garbage"),
  stream: (transaction, key) => transaction.xadd(key, "*", "garbage", "1"),
};

/** At once: an instance renews its lease all the time, also between the removal of what was there and the new key. */
export const replace = (key: string, put: Put) => runPipeline(put(attacker.client.multi().del(key), key));
