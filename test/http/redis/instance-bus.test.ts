/** Instances that tell each other things, and somebody who keeps what they said and says it again. */
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createInstanceBus, type InstanceBus } from "../../../src/http/redis/instance-bus.ts";
import { KnownPeers } from "../../../src/http/redis/known-peers.ts";
import { connectRedis, type RedisLink } from "../../../src/http/redis/link.ts";
import { createTrust } from "../../../src/http/redis/trust.ts";
import { silentLog } from "../../../src/log/log.ts";
import { hasRedis, startRedis, type RedisServer } from "./redis-server.ts";

interface Peer {
  readonly bus: InstanceBus<unknown>;
  readonly link: RedisLink;
  readonly received: unknown[];
  met: number;
}

let redis: RedisServer;
const peers: Peer[] = [];
const trust = createTrust({ encryptionKey: Buffer.alloc(32, 1) });

async function link(): Promise<RedisLink> {
  const opened = connectRedis({ url: redis.url, keyPrefix: "t" }, silentLog, { commandMs: 5_000 });
  await opened.waitUntilAvailable(5_000);
  return opened;
}

async function start(self: string): Promise<Peer> {
  const own = await link();
  const received: unknown[] = [];
  const peer: Peer = {
    link: own,
    received,
    met: 0,
    bus: createInstanceBus<unknown>({
      link: own,
      self,
      trust,
      parse: (value) => value,
      receive: (message) => void received.push(message),
      onGreeting: () => void (peer.met += 1),
    }),
  };
  peers.push(peer);
  return peer;
}

beforeEach(async () => {
  redis = await startRedis();
});
afterEach(async () => {
  for (const peer of peers.splice(0)) {
    peer.bus.close();
    await peer.link.close();
  }
  await redis.close();
});

describe.skipIf(!hasRedis)("what one instance says", () => {
  it("to all others reaches those that are there, and those that come", async () => {
    const one = await start("one");
    const two = await start("two");
    await expect.poll(() => [one.met, two.met].every((met) => met > 0)).toBe(true);
    await one.bus.broadcast("first");
    const three = await start("three");
    await expect.poll(() => three.met).toBeGreaterThan(1);
    await one.bus.broadcast("second");
    await expect.poll(() => [two.received, three.received]).toEqual([["first", "second"], ["second"]]);
    expect(one.received).toEqual([]);
  });

  it("reaches the others however many start at once", async () => {
    const names = ["one", "two", "three", "four", "five"];
    const all = await Promise.all(names.map(start));
    await expect.poll(() => all.every(({ met }) => met >= 4)).toBe(true);
    for (const [at, { bus }] of all.entries()) await bus.broadcast(names[at]);
    const others = (at: number) => names.filter((_name, other) => other !== at);
    await expect.poll(() => all.map(({ received }) => received)).toEqual(names.map((_name, at) => others(at)));
  });

  it("is not taken by an instance that starts right after, however it is sent again", async () => {
    const one = await start("one");
    const two = await start("two");
    await expect.poll(() => [one.met, two.met].every((met) => met > 0)).toBe(true);
    const attacker = await link();
    const kept: string[] = [];
    const ears = new Redis(redis.url);
    await ears.psubscribe("t:*");
    ears.on("pmessage", (_pattern: string, _channel: string, text: string) => void kept.push(text));
    await one.bus.broadcast("to all");
    await one.bus.send("two", "to two");
    await expect.poll(() => two.received).toEqual(["to all", "to two"]);
    await expect.poll(() => kept.length).toBeGreaterThan(1);
    ears.disconnect();
    const three = await start("three");
    await expect.poll(() => three.met).toBeGreaterThan(1);
    for (const channel of (await attacker.client.pubsub("CHANNELS", "t:*")) as string[])
      for (const text of kept) await attacker.client.publish(channel, text);
    await one.bus.send("three", "the last");
    await expect.poll(() => three.received).toContain("the last");
    expect([three.received, two.received]).toEqual([["the last"], ["to all", "to two"]]);
    await attacker.close();
  });
});

it("an instance that has not been heard of for a minute is told nothing", () => {
  let now = 0;
  const known = new KnownPeers(() => now);
  expect([known.noteGreeting("one"), known.noteGreeting("two")]).toEqual([true, true]);
  now += 50_000;
  expect(known.noteGreeting("one")).toBe(false);
  now += 20_000;
  expect(known.names()).toEqual(["one"]);
  expect(known.noteGreeting("two")).toBe(true);
});

it("so many instances are known at most", () => {
  const known = new KnownPeers(() => 0);
  for (let number = 0; number < 5_000; number += 1) known.noteGreeting(String(number));
  expect(known.names().length).toBeLessThanOrEqual(1_000);
  expect(known.names().at(-1)).toBe("4999");
});
