/** While Redis is stopped, paused or empty, calls go on; when it is back, so does everything else. */
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { text, type Behaviour } from "../../mcp-adapters/fake-registry.ts";
import { hasRedis } from "../redis/redis-server.ts";
import { FAST, startInstances, type Instance } from "./cluster.ts";
import { allEvents, call, events, get, messages, open, post } from "./wire.ts";

let release: () => void = () => undefined;
const tools: Record<string, Behaviour> = {
  echo: (args) => text(args),
  two: async (_args, link) => {
    link.progress?.(1);
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    link.progress?.(2);
    return text("done");
  },
};

const until = (what: () => boolean | Promise<boolean>) => vi.waitUntil(what, { timeout: 10_000, interval: 10 });

describe.skipIf(!hasRedis)("Redis", () => {
  let set: Awaited<ReturnType<typeof startInstances>>;
  let here: Instance;
  let there: Instance;
  const away = () => until(() => here.endpoint.health() === "away" && there.endpoint.health() === "away");
  const back = () => until(() => here.endpoint.health() === "ok" && there.endpoint.health() === "ok");
  const progress = (of: Parameters<typeof messages>[0]) =>
    messages(of).map(({ params, result }) => params?.progress ?? result);
  beforeEach(async () => {
    set = await startInstances(2, { tools, commandMs: 1_000 });
    [here, there] = set.instances as [Instance, Instance];
  });
  afterEach(() => set.close());

  const outages = [
    ["stopped", () => set.redis.stop(), () => set.redis.start()],
    ["paused", async () => set.redis.pause(), async () => set.redis.unpause()],
  ] as const;

  it.each(outages)(
    "%s: calls go on, resumption says when to come back, and all heals",
    async (_title, takeAway, bringBack) => {
      const session = await open(here.url);
      // Known here and there before the outage.
      const before = events(await post(here.url, call("b", "two", {}, 1), session));
      const primed = (await before.next()).value;
      await before.next();
      await post(there.url, call(0, "echo"), session).then((answer) => answer.text());
      await takeAway();
      // The first to notice waits for one command's time; nobody after it does.
      await post(here.url, call(1, "echo"), session).then((answer) => answer.text());
      await post(there.url, call(1, "echo"), session).then((answer) => answer.text());
      await away();

      // Each would wait for its time, and fail.
      const sent = [here, there].map(({ link }) => vi.spyOn(link.client, "sendCommand"));
      const echo = async ({ url }: typeof here) => (await post(url, call(2, "echo", { x: 1 }), session)).json();
      const echoed = { id: 2, result: text({ x: 1 }) };
      expect([await echo(here), await echo(there)]).toMatchObject([echoed, echoed]);
      const fresh = await open(here.url);
      expect((await post(here.url, call(3, "echo"), fresh)).status).toBe(200);
      const keys = sent.flatMap(({ mock }) => mock.calls.map(([command]) => String(command.args[0])));
      expect(keys.filter((key) => key.startsWith("t:") && key !== "t:probe")).toEqual([]);
      // Only Redis could tell the other instance of it.
      const unknown = await post(there.url, call(3, "echo"), fresh);
      expect(unknown.status).toBe(503);
      expect(unknown.headers.get("retry-after")).not.toBeNull();
      expect(await unknown.json()).toMatchObject({ jsonrpc: "2.0", error: { code: -32000 } });
      const resumed = await get(there.url, { ...session, "last-event-id": primed?.id as string });
      expect(resumed.status).toBe(503);
      expect(await resumed.json()).toMatchObject({ error: { message: expect.stringContaining("Redis") } });

      release();
      expect(messages([(await before.next()).value as never, (await before.next()).value as never])).toMatchObject([
        { params: { progress: 2 } },
        { id: "b" },
      ]);
      await bringBack();
      await back();
      await until(() => here.endpoint.stats()["unwritten_streams"] === 0);
      expect(
        progress(await allEvents(await get(there.url, { ...session, "last-event-id": primed?.id as string }))),
      ).toEqual([1, 2, text("done")]);
      expect((await post(here.url, call(4, "echo"), fresh)).status).toBe(200);
      expect((await post(there.url, call(4, "echo"), fresh)).status).toBe(200);
    },
  );

  it("back without its data: sessions live on, and what was kept is said to be gone", async () => {
    const session = await open(here.url);
    const ended = await open(here.url);
    await post(there.url, call(0, "echo"), ended).then((answer) => answer.text());
    const [primed] = await allEvents(await post(here.url, call(1, "echo"), session));
    await here.link.client.flushall();
    expect((await post(here.url, call(2, "echo"), session)).status).toBe(200);
    expect((await post(there.url, call(2, "echo"), session)).status).toBe(200);
    expect((await get(there.url, { ...session, "last-event-id": primed?.id as string })).status).toBe(400);
    await fetch(here.url, { method: "DELETE", headers: ended });
    expect((await post(there.url, call(2, "echo"), ended)).status).toBe(404);
  });

  it("away: a session is not said to have ended, and ends once Redis is back", async () => {
    const session = await open(here.url);
    await set.redis.stop();
    await away();
    expect((await fetch(here.url, { method: "DELETE", headers: session })).status).toBe(503);
    await set.redis.start();
    await back();
    expect((await fetch(here.url, { method: "DELETE", headers: session })).status).toBe(200);
    expect((await post(there.url, call(1, "echo"), session)).status).toBe(404);
  });

  it("paused for longer than the leases: no living instance's call is given up", async () => {
    const session = await open(here.url);
    const first = events(await post(here.url, call("p", "two", {}, 1), session));
    const primed = (await first.next()).value;
    await first.next();
    await delay(30);
    const follower = events(await get(there.url, { ...session, "last-event-id": primed?.id as string }));
    expect(progress([(await follower.next()).value as never])).toEqual([1]);
    set.redis.pause();
    await away();
    await delay(FAST.leaseMs * 2);
    set.redis.unpause();
    await back();
    await delay(600);
    release();
    const rest = [];
    for await (const event of follower) rest.push(event);
    expect(progress(rest)).toEqual([2, text("done")]);
  });

  it("out of memory: counts as away", async () => {
    const session = await open(here.url);
    await here.link.client.config("SET", "maxmemory", "1");
    expect((await post(here.url, call(1, "echo"), session)).status).toBe(200);
    await until(() => here.endpoint.health() === "away");
    await there.link.client.config("SET", "maxmemory", "0");
    await until(() => here.endpoint.health() === "ok");
  });
});
