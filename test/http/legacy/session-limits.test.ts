/** How many sessions there are, which one makes room, and when one ends by itself: in memory and in Redis alike. */
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { createMemorySessions } from "../../../src/http/legacy/sessions/memory-sessions.ts";
import { RedisSessions } from "../../../src/http/legacy/sessions/redis-sessions.ts";
import type { Session, Sessions } from "../../../src/http/legacy/sessions/session.ts";
import { connectRedis, type RedisLink } from "../../../src/http/redis/link.ts";
import { silentLog } from "../../../src/log/log.ts";
import { hasRedis, startRedis, type RedisServer } from "../redis/redis-server.ts";

const record = (binding: string) => ({ binding, revision: "2025-11-25", initialize: { capabilities: {} } });
const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function fill(sessions: Sessions, bindings: readonly string[]): Promise<Session[]> {
  const opened: Session[] = [];
  for (const binding of bindings) opened.push(await sessions.open(record(binding)));
  return opened;
}

describe("in memory", () => {
  let now = 0;
  let ended: string[] = [];
  function start(max: number, timeoutMs = 1_000): Sessions {
    [now, ended] = [0, []];
    const sessions = createMemorySessions(
      { max, timeoutMs },
      (id) => ended.push(id),
      () => now,
    );
    cleanUp.push(() => sessions.close());
    return sessions;
  }

  it("the one not used for longest makes room", async () => {
    const sessions = start(3);
    const [a, b, c] = (await fill(sessions, ["p", "p", "p"])) as [Session, Session, Session];
    await sessions.find(a.id, "p");
    await sessions.open(record("p"));
    expect(ended).toEqual([b.id]);
    expect(await sessions.find(b.id, "p")).toBe("none");
    expect(await sessions.find(c.id, "p")).toBe(c);
    expect(sessions.count()).toBe(3);
  });

  it("of the principal that has most, so that many push out none but their own", async () => {
    const sessions = start(4);
    const [mine, first] = (await fill(sessions, ["me", "flood", "flood", "flood"])) as [Session, Session];
    await fill(sessions, ["flood", "flood", "flood", "flood"]);
    expect(await sessions.find(mine.id, "me")).toBe(mine);
    expect(ended[0]).toBe(first.id);
  });

  it("and none in use: then there is no room", async () => {
    const sessions = start(2);
    const [a, b] = (await fill(sessions, ["p", "p"])) as [Session, Session];
    a.busy = b.busy = 1;
    await expect(sessions.open(record("p"))).rejects.toMatchObject({
      statusCode: 503,
      headers: { "retry-after": expect.any(String) },
    });
    b.busy = 0;
    await sessions.open(record("p"));
    expect(ended).toEqual([b.id]);
  });

  it("never of somebody who has fewer, though all of one's own are in use", async () => {
    const sessions = start(4);
    const [mine, ...others] = await fill(sessions, ["me", "flood", "flood", "flood"]);
    for (const session of others) session.busy = 1;
    const refusals = Array.from({ length: 5 }, () => sessions.open(record("flood")));
    const refusal = { status: "rejected", reason: { statusCode: 503 } };
    expect(await Promise.allSettled(refusals)).toMatchObject(refusals.map(() => refusal));
    expect(await sessions.find(mine!.id, "me")).toBe(mine);
    await sessions.open(record("new"));
    expect(ended).toEqual([others[0]!.id]);
  });

  it("one that nobody used for the timeout ends, one in use does not", async () => {
    const sessions = start(10);
    const [idle, used, busy] = (await fill(sessions, ["p", "p", "p"])) as [Session, Session, Session];
    busy.busy = 1;
    now = 600;
    await sessions.find(used.id, "p");
    now = 1_001;
    expect(await sessions.find(idle.id, "p")).toBe("none");
    expect(await sessions.find(used.id, "p")).toBe(used);
    expect(await sessions.find(busy.id, "p")).toBe(busy);
    expect(ended).toEqual([idle.id]);
  });

  it("is nobody else's", async () => {
    const sessions = start(10);
    const [mine] = (await fill(sessions, ["me"])) as [Session];
    expect(await sessions.find(mine.id, "you")).toBe("none");
    expect(await sessions.find(mine.id, "me")).toBe(mine);
  });
});

describe.skipIf(!hasRedis)("in Redis", () => {
  async function start(max: number, timeoutMs = 60_000, count = 2) {
    const redis: RedisServer = await startRedis();
    cleanUp.push(redis.close);
    const ended: string[] = [];
    let ahead = 0;
    const instances: { readonly sessions: Sessions; readonly link: RedisLink }[] = [];
    for (let index = 0; index < count; index += 1) {
      const link = connectRedis({ url: redis.url, keyPrefix: "t" }, silentLog);
      await link.waitUntilAvailable(5_000);
      const sessions = new RedisSessions({
        link,
        encryptionKey: null,
        limits: { max, timeoutMs },
        onEnd: (id) => ended.push(id),
        now: () => Date.now() + ahead,
      });
      instances.push({ sessions, link });
      cleanUp.push(
        () => link.close(),
        () => sessions.close(),
      );
    }
    return { redis, instances, ended, pass: (ms: number) => void (ahead += ms) };
  }

  it("they are counted together, and the one not used for longest makes room", async () => {
    const {
      instances: [here, there],
      ended,
    } = await start(3, 120_000);
    const [a, b] = (await fill(here!.sessions, ["p", "p"])) as [Session, Session];
    await fill(there!.sessions, ["p"]);
    // As if they had been opened a while ago, and one used since.
    const key = (id: string) => `t:{${id}}:session`;
    await here!.link.client.pexpire(key(a.id), 119_000);
    await here!.link.client.pexpire(key(b.id), 20_000);
    await there!.sessions.open(record("p"));
    expect(ended).toEqual([b.id]);
    expect(await here!.sessions.find(b.id, "p")).toBe("none");
    expect(await there!.sessions.find(a.id, "p")).toMatchObject({ id: a.id });
  });

  it("none makes room that was used a moment ago", async () => {
    const {
      instances: [here],
    } = await start(2, 60_000, 1);
    await fill(here!.sessions, ["p", "p"]);
    await expect(here!.sessions.open(record("p"))).rejects.toMatchObject({ statusCode: 503 });
  });

  it("one principal that opens many evicts nobody else's", async () => {
    const {
      instances: [here, there],
    } = await start(5, 120_000);
    const mine = await fill(here!.sessions, ["me", "me"]);
    // As if everybody's were idle for a while.
    const idle = async () => {
      for (const key of await here!.link.client.keys("t:{*}:session")) await here!.link.client.pexpire(key, 20_000);
    };
    for (let n = 0; n < 12; n += 1) {
      await idle();
      await [here, there][n % 2]!.sessions.open(record("flood"));
    }
    const ids = mine.map(({ id }) => ({ id }));
    const foundBy = ({ sessions }: NonNullable<typeof here>) =>
      Promise.all(mine.map(({ id }) => sessions.find(id, "me")));
    expect(await foundBy(there!)).toMatchObject(ids);
    await idle();
    await there!.sessions.open(record("third"));
    expect(await foundBy(here!)).toMatchObject(ids);
  });

  it("those that ended or expired make room first", async () => {
    const {
      instances: [here],
    } = await start(2, 60_000, 1);
    const [ended, expired] = (await fill(here!.sessions, ["p", "p"])) as [Session, Session];
    await here!.sessions.end(ended);
    const kept = await here!.sessions.open(record("p"));
    expect(await here!.sessions.find(expired.id, "p")).toMatchObject({ id: expired.id });
    await here!.link.client.del(`t:{${expired.id}}:session`);
    await here!.sessions.open(record("p"));
    expect(await here!.sessions.find(kept.id, "p")).toMatchObject({ id: kept.id });
  });

  it("others' that expired make room before one's own", async () => {
    const {
      instances: [here],
    } = await start(3, 60_000, 1);
    const [theirs, ...mine] = (await fill(here!.sessions, ["other", "me", "me"])) as [Session, Session, Session];
    await here!.link.client.del(`t:{${theirs.id}}:session`);
    await here!.sessions.open(record("me"));
    const found = await Promise.all(mine.map(({ id }) => here!.sessions.find(id, "me")));
    expect(found).toMatchObject(mine.map(({ id }) => ({ id })));
  });

  it("one expires on all of them", async () => {
    const {
      instances: [here, there],
      pass,
    } = await start(10, 1_000);
    const [a] = (await fill(here!.sessions, ["p"])) as [Session];
    expect(await there!.sessions.find(a.id, "p")).toMatchObject({ id: a.id });
    await delay(1_100);
    pass(10);
    expect(await there!.sessions.find(a.id, "p")).toBe("none");
    expect(await here!.sessions.find(a.id, "p")).toBe("none");
  });

  it("one in use is kept alive by the instance that uses it", async () => {
    const {
      instances: [here, there],
    } = await start(10, 400);
    const [a] = (await fill(here!.sessions, ["p"])) as [Session];
    a.busy = 1;
    await delay(900);
    expect(await there!.sessions.find(a.id, "p")).toMatchObject({ id: a.id });
  });

  it("a copy is bounded, and forgetting it ends nothing", async () => {
    const {
      instances: [here, there],
    } = await start(3, 60_000);
    const all = await fill(here!.sessions, ["p", "p", "p"]);
    const ids = all.map(({ id }) => ({ id }));
    const found = () => Promise.all(all.map(({ id }) => there!.sessions.find(id, "p")));
    expect(await found()).toMatchObject(ids);
    expect(there!.sessions.count()).toBe(3);
    await there!.link.client.zrem("t:sessions", ...all.map(({ id }) => id));
    await fill(there!.sessions, ["p", "p"]);
    expect(there!.sessions.count()).toBe(3);
    expect(await found()).toMatchObject(ids);
  });

  it("a record that does not open counts as none", async () => {
    const {
      instances: [here],
    } = await start(3, 60_000, 1);
    const [a] = (await fill(here!.sessions, ["p"])) as [Session];
    here!.sessions.forget(a.id);
    await here!.link.client.set(`t:{${a.id}}:session`, "1c2VhbGVk");
    expect(await here!.sessions.find(a.id, "p")).toBe("none");
  });
});
