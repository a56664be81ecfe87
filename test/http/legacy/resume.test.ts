/** A call's stream is brought to a client that comes back: in memory on one instance, in Redis on any. */
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectRedis, type RedisLink } from "../../../src/http/redis/link.ts";
import { silentLog } from "../../../src/log/log.ts";
import { text, type Behaviour } from "../../mcp-adapters/fake-registry.ts";
import { hasRedis, startRedis, type RedisServer } from "../redis/redis-server.ts";
import { serve, type Served, type ServeOptions } from "./serve.ts";
import { allEvents, call, events, get, messages, open, post, type WireEvent } from "./wire.ts";

/** Tools whose every step waits for the test. */
function gatedTools() {
  const gates = new Map<string, () => void>();
  const steps: Behaviour = async ({ name, count }, link) => {
    for (let step = 1; step <= (count as number); step += 1) {
      await new Promise<void>((resolve) => gates.set(name as string, resolve));
      link.progress?.(step);
    }
    await new Promise<void>((resolve) => gates.set(name as string, resolve));
    return text("done");
  };
  const quick: Behaviour = async ({ count }, link) => {
    for (let step = 1; step <= (count as number); step += 1) link.progress?.(step);
    return text("done");
  };
  async function step(name: string, times = 1): Promise<void> {
    for (let done = 0; done < times; done += 1) {
      while (!gates.has(name)) await delay(2);
      const go = gates.get(name);
      gates.delete(name);
      go?.();
    }
  }
  return {
    tools: {
      steps,
      quick,
      fail: () => {
        throw new Error("x");
      },
    },
    step,
  };
}

async function take(stream: AsyncGenerator<WireEvent>, count: number): Promise<WireEvent[]> {
  const taken: WireEvent[] = [];
  while (taken.length < count) {
    const { value, done } = await stream.next();
    if (done === true) break;
    taken.push(value);
  }
  return taken;
}

const progress = (of: readonly WireEvent[]) =>
  messages(of).map((message) => message["params"]?.progress ?? message["result"] ?? message["error"]);
const DONE = text("done");
const EVENTS = { ttlSeconds: 60, maxEvents: 10_000, maxBytes: 10_000_000, encryptionKey: null };

interface Place {
  readonly here: Served;
  readonly there: Served;
  readonly step: (name: string, times?: number) => Promise<void>;
}

function resumesCalls(place: () => Place): void {
  it("replays what was missed, follows what runs, and ends after the result", async () => {
    const { here, there, step } = place();
    const session = await open(here.url);
    const left = new AbortController();
    const answer = await post(here.url, call("c1", "steps", { name: "a", count: 5 }, "p"), session, left.signal);
    expect(answer.headers.get("content-type")).toBe("text/event-stream");
    const first = events(answer);
    await step("a", 2);
    const seen = await take(first, 3);
    expect(seen[0]).toMatchObject({ data: "", retry: "1000", id: expect.stringMatching(/\.0$/) });
    expect(progress(seen)).toEqual([1, 2]);
    left.abort();
    await step("a", 1);
    const resumed = await get(there.url, { ...session, "last-event-id": seen[2]?.id as string });
    expect(resumed.status).toBe(200);
    const second = events(resumed);
    expect(progress(await take(second, 1))).toEqual([3]);
    await step("a", 3);
    const rest: WireEvent[] = [];
    for await (const event of second) rest.push(event);
    expect(progress(rest)).toEqual([4, 5, DONE]);
    expect(messages(rest).at(-1)).toMatchObject({ id: "c1" });
    const ids = [...seen, ...rest].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("replays from any of its events, and has nothing after the last", async () => {
    const { here, there } = place();
    const session = await open(here.url);
    const seen = await allEvents(await post(here.url, call(2, "quick", { count: 3 }, "p"), session));
    const want = [1, 2, 3, DONE];
    expect(progress(seen)).toEqual(want);
    // The answer reaches the client before the store.
    await delay(50);
    const replays: unknown[] = [];
    for (const { id } of seen) {
      const again = await get(there.url, { ...session, "last-event-id": id as string });
      replays.push(again.status === 200 ? progress(await allEvents(again)) : again.status);
    }
    expect(replays).toEqual([...seen.slice(0, -1).map((_, index) => want.slice(index)), 204]);
  });

  it("keeps the error of a call that fails", async () => {
    const { here, there } = place();
    const session = await open(here.url);
    const seen = await allEvents(await post(here.url, call(3, "fail"), session));
    await delay(50);
    expect(
      progress(await allEvents(await get(there.url, { ...session, "last-event-id": seen[0]?.id as string }))),
    ).toEqual([expect.objectContaining({ code: -32603 })]);
  });

  it("brings a stream to the newest connection only", async () => {
    const { here, there, step } = place();
    const session = await open(here.url);
    const first = events(await post(here.url, call(4, "steps", { name: "b", count: 1 }, "p"), session));
    const [primed] = await take(first, 1);
    const second = events(await get(there.url, { ...session, "last-event-id": primed?.id as string }));
    // The first connection ends without the result.
    expect(await take(first, 9)).toEqual([]);
    const third = events(await get(here.url, { ...session, "last-event-id": primed?.id as string }));
    expect(await take(second, 9)).toEqual([]);
    await step("b", 2);
    expect(progress(await take(third, 9))).toEqual([1, DONE]);
  });

  it("primes no client that could not read an event without data, and resumes it all the same", async () => {
    const { here, there } = place();
    const session = await open(here.url, {}, {}, "2025-06-18");
    const seen = await allEvents(await post(here.url, call(5, "quick", { count: 2 }, "p"), session));
    expect(progress(seen)).toEqual([1, 2, DONE]);
    expect(seen.every(({ data }) => data !== "")).toBe(true);
    await delay(50);
    expect(
      progress(await allEvents(await get(there.url, { ...session, "last-event-id": seen[0]?.id as string }))),
    ).toEqual([2, DONE]);
  });

  it("refuses ids that are malformed, another session's, another stream's or unknown", async () => {
    const { here, there } = place();
    const mine = await open(here.url);
    const theirs = await open(here.url, { "x-principal": "bob" });
    const [first] = await allEvents(await post(here.url, call(6, "quick", { count: 1 }, "p"), mine));
    const [foreign] = await allEvents(await post(here.url, call(6, "quick", { count: 1 }, "p"), theirs));
    const id = first?.id as string;
    const [tag, stream, seq] = id.split(".");
    const other = await open(here.url);
    const cases: readonly (readonly [id: string, session: Record<string, string>])[] = [
      ["nonsense", mine],
      [`${id}.1`, mine],
      [`${tag}.${stream}`, mine],
      [`${tag}.${stream}.-1`, mine],
      [`${tag}.${stream}.01`, mine],
      [`${tag}.${stream}.99999999999999999999`, mine],
      [`${tag}.AAAAAAAAAAAAAAAAAAAAAA.${seq}`, mine],
      [`${tag}._GET_stream.1`, mine],
      [foreign?.id as string, mine],
      [id, theirs],
      [id, other],
      [`${foreign?.id?.split(".")[0]}.${stream}.${seq}`, theirs],
      [`${tag}.${foreign?.id?.split(".")[1]}.0`, mine],
    ];
    const refusals: unknown[] = [];
    for (const [wrong, session] of cases) {
      const answer = await get(there.url, { ...session, "last-event-id": wrong });
      refusals.push([wrong, answer.status, await answer.json()]);
    }
    expect(refusals).toMatchObject(cases.map(([wrong]) => [wrong, 400, { error: { code: -32600 } }]));
    // The session is looked for first, and mine does not exist for anybody else.
    expect((await get(there.url, { ...mine, "x-principal": "bob", "last-event-id": id })).status).toBe(404);
  });

  it("ends the stream of a call that is cancelled, here or there, without an answer", async () => {
    const { here, there, step } = place();
    const session = await open(here.url);
    const first = events(await post(here.url, call("c", "steps", { name: "c", count: 9 }, "p"), session));
    const [primed] = await take(first, 1);
    await step("c", 1);
    expect(progress(await take(first, 1))).toEqual([1]);
    const cancelled = await post(
      there.url,
      { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: "c", reason: "enough" } },
      session,
    );
    expect(cancelled.status).toBe(202);
    expect(await take(first, 9)).toEqual([]);
    await delay(50);
    expect(
      progress(await allEvents(await get(there.url, { ...session, "last-event-id": primed?.id as string }))),
    ).toEqual([1]);
  });

  it("holds a client's leaving for no cancellation", async () => {
    const { here, there, step } = place();
    const session = await open(here.url);
    const left = new AbortController();
    const first = events(await post(here.url, call("g", "steps", { name: "g", count: 1 }, "p"), session, left.signal));
    const [primed] = await take(first, 1);
    left.abort();
    await step("g", 2);
    await delay(50);
    expect(
      progress(await allEvents(await get(there.url, { ...session, "last-event-id": primed?.id as string }))),
    ).toEqual([1, DONE]);
  });
}

describe("in memory", () => {
  let place: Place;
  beforeAll(async () => {
    const { tools, step } = gatedTools();
    const here = await serve({ tools, http: { eventStore: { ...EVENTS, kind: "memory" } } });
    place = { here, there: here, step };
  });
  afterAll(() => place.here.close());
  resumesCalls(() => place);

  it("without sessions, streams are their caller's", async () => {
    const { tools } = gatedTools();
    const served = await serve({
      tools,
      http: { sessionMode: "stateless", eventStore: { ...EVENTS, kind: "memory" } },
    });
    const [first] = await allEvents(await post(served.url, call(1, "quick", { count: 2 }, "p")));
    const resume = (headers: Record<string, string>) =>
      get(served.url, { ...headers, "last-event-id": first?.id as string });
    expect(progress(await allEvents(await resume({})))).toEqual([1, 2, DONE]);
    expect((await resume({ "x-principal": "mallory" })).status).toBe(400);
    await served.close();
  });
});

const SEALED = { ...EVENTS, encryptionKey: Buffer.alloc(32, 7) };

describe.skipIf(!hasRedis).each([
  ["plain", EVENTS],
  ["encrypted", SEALED],
])("in Redis, %s", (_title, eventStore) => {
  let redis: RedisServer;
  let links: RedisLink[];
  let place: Place;
  beforeAll(async () => {
    redis = await startRedis();
    const { tools, step } = gatedTools();
    links = [1, 2].map(() => connectRedis({ url: redis.url, keyPrefix: "t" }, silentLog));
    const options: ServeOptions = { tools, http: { eventStore: { ...eventStore, kind: "redis" } } };
    const [here, there] = await Promise.all(
      links.map(async (link) => {
        await link.waitUntilAvailable(5_000);
        return serve({ ...options, redis: link });
      }),
    );
    place = { here: here as Served, there: there as Served, step };
  });
  afterAll(async () => {
    await Promise.all([place.here.close(), place.there.close()]);
    await Promise.all(links.map((link) => link.close()));
    await redis.close();
  });
  resumesCalls(() => place);

  it("keeps what it keeps under its prefix, with an end to it, readable to nobody without the key", async () => {
    const { here } = place;
    const client = (links[0] as RedisLink).client;
    const session = await open(
      here.url,
      { "x-principal": "the-principal" },
      { experimental: { secret: { of: "a-client" } } },
    );
    await allEvents(await post(here.url, call("the-id", "quick", { count: 1 }, "the-token"), session));
    await delay(50);
    const keys = await client.keys("*");
    expect(keys.length).toBeGreaterThan(3);
    const ends = await Promise.all(keys.map(async (key) => ({ key, ms: await client.pttl(key) })));
    expect(ends.filter(({ key, ms }) => !key.startsWith("t:") || ms <= 0)).toEqual([]);
    const dump = (
      await Promise.all(
        keys.map(async (key) => {
          const type = await client.type(key);
          if (type === "stream") return JSON.stringify(await client.xrange(key, "-", "+"));
          return type === "string" ? await client.get(key) : "";
        }),
      )
    ).join("\n");
    const words = ["the-token", "the-principal", "a-client", "the-id"];
    const readable = eventStore.encryptionKey === null ? words : [];
    expect(words.filter((word) => dump.includes(word))).toEqual(readable);
  });
});
