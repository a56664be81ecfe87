/**
 * Streams as connections: kept alive, opened for calls that say nothing, given up where nobody reads, ended in order.
 */
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { text } from "../../mcp-adapters/fake-registry.ts";
import { serve, SETTINGS, type Served, type ServeOptions } from "./serve.ts";
import { allEvents, call, events, get, messages, open, post } from "./wire.ts";
import { eventData } from "../../event-data.ts";

const MEMORY = {
  eventStore: { ...SETTINGS.eventStore, kind: "memory" as const, maxBytes: 64_000_000, maxEvents: 100_000 },
};
const closing: Served[] = [];
afterEach(async () => {
  for (const served of closing.splice(0)) await served.close();
});
async function start(options: ServeOptions): Promise<Served> {
  const served = await serve(options);
  closing.push(served);
  return served;
}

/** How long something that comes to pass by itself is waited for. */
const PATIENCE = { timeout: 10_000, interval: 10 };

async function textUntil(response: Response, end: RegExp): Promise<string> {
  let all = "";
  for await (const chunk of (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
    all += chunk;
    if (end.test(all)) break;
  }
  return all;
}

describe("a stream", () => {
  it("is kept alive with comments", async () => {
    const { url } = await start({ timing: { keepAliveMs: 20 } });
    const answer = await get(url, await open(url));
    expect(answer.headers.get("content-type")).toBe("text/event-stream");
    expect(answer.headers.get("cache-control")).toContain("no-cache");
    expect(answer.headers.get("x-accel-buffering")).toBe("no");
    expect(await textUntil(answer, /(: keep-alive\n\n){3}/)).toMatch(/^(: keep-alive\n\n)+$/);
  });

  it("holds no character that a reader of lines could take for an end of line", async () => {
    const lineEnds = "a\u0085b\u2028c\u2029d";
    const { url } = await start({
      tools: { slow: async () => (await delay(60), text(lineEnds)) },
      timing: { keepAliveMs: 20 },
    });
    const answer = await (await post(url, call(1, "slow"), await open(url))).text();
    expect(answer).not.toMatch(/[\u0085\u2028\u2029]/);
    expect(eventData(answer)).toMatchObject([{ result: text(lineEnds) }]);
  });

  it("is what a call's answer becomes that says nothing for long", async () => {
    const { url } = await start({
      tools: { slow: async () => (await delay(120), text("done")) },
      timing: { keepAliveMs: 20 },
    });
    const answer = await post(url, call(1, "slow"), await open(url));
    expect(answer.headers.get("content-type")).toBe("text/event-stream");
    expect(messages(await allEvents(answer))).toEqual([{ jsonrpc: "2.0", id: 1, result: text("done") }]);
  });

  it("is ended with a time to come back, and its calls with an answer, when the server stops", async () => {
    let started = (): void => undefined;
    const callStarts = new Promise<void>((resolve) => (started = resolve));
    const { url, endpoint } = await start({
      http: MEMORY,
      tools: {
        forever: (_args, link) =>
          new Promise((resolve) => {
            link.signal.addEventListener("abort", () => resolve(text("aborted")));
            started();
          }),
      },
    });
    const session = await open(url);
    const listening = await get(url, session);
    const running = post(url, call(1, "forever"), session).then(allEvents);
    await callStarts;
    await endpoint.close();
    expect((await allEvents(listening)).at(-1)).toMatchObject({ retry: "1000" });
    expect(messages(await running)).toMatchObject([
      { id: 1, error: { data: { outcome: "unknown", tool: "forever" } } },
    ]);
  });

  it("is given up where its client does not read, and the call goes on", async () => {
    const big = "x".repeat(200_000);
    let ended = false;
    const { url, endpoint } = await start({
      http: MEMORY,
      tools: {
        flood: async (_args, link) => {
          for (let step = 1; step <= 60; step += 1) {
            link.progress?.(step, 60, big);
            await delay(1);
          }
          ended = true;
          return text("done");
        },
      },
    });
    const session = await open(url);
    const body = JSON.stringify(call(1, "flood", {}, 1));
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.on("error", () => undefined);
    socket.pause();
    socket.write(
      [
        "POST /mcp HTTP/1.1",
        "host: x",
        "accept: application/json, text/event-stream",
        "content-type: application/json",
        `mcp-session-id: ${session["mcp-session-id"]}`,
        `content-length: ${body.length}`,
        "",
        body,
      ].join("\r\n"),
    );
    await expect.poll(() => ended, PATIENCE).toBe(true);
    await expect.poll(() => endpoint.stats(), PATIENCE).toMatchObject({ streams: 0, requests: 0 });
    socket.destroy();
  });

  it("of a session's own may be there three times, and the newest gets the messages", async () => {
    const { url, endpoint } = await start({ http: MEMORY });
    const session = await open(url);
    const streams = [];
    for (let count = 0; count < 4; count += 1) {
      const stream = events(await get(url, session));
      await stream.next();
      streams.push(stream);
    }
    expect((await streams[0]?.next())?.done).toBe(true);
    expect(endpoint.stats()).toMatchObject({ standalone_streams: 3 });
    await endpoint.notify(session["mcp-session-id"] as string, {
      jsonrpc: "2.0",
      method: "notifications/tools/list_changed",
    });
    expect((await streams[3]?.next())?.value?.data).toContain("list_changed");
    expect(await Promise.race([streams[2]?.next(), delay(30).then(() => "silent")])).toBe("silent");
  });

  it.each([
    ["kept events", MEMORY],
    ["no events kept", {}],
  ])("left over gets the messages when the newest ends, with %s", async (_what, http) => {
    const { url, endpoint } = await start({ http });
    const session = await open(url);
    const older = events(await get(url, session));
    const left = new AbortController();
    await get(url, session, left.signal);
    left.abort();
    await expect.poll(() => endpoint.stats(), PATIENCE).toMatchObject({ standalone_streams: 1 });
    await endpoint.notify(session["mcp-session-id"] as string, {
      jsonrpc: "2.0",
      method: "notifications/tools/list_changed",
    });
    let event = (await older.next()).value;
    if (event?.data === "") event = (await older.next()).value;
    expect(event?.data).toContain("list_changed");
  });

  it("that cannot be kept reaches its client all the same, and nobody asks a client that has gone", async () => {
    let asked: Promise<unknown> = Promise.resolve();
    let begun = false;
    const { url } = await start({
      tools: {
        ask: async (_args, link) => {
          begun = true;
          await delay(60);
          asked = (link.elicit as NonNullable<typeof link.elicit>)("Sure?", {}).catch((error: Error) => error.message);
          return text(await asked);
        },
      },
    });
    const session = await open(url, {}, { elicitation: {} });
    const left = new AbortController();
    const answer = post(url, call(1, "ask"), session, left.signal).catch(() => "left");
    await expect.poll(() => begun, PATIENCE).toBe(true);
    left.abort();
    expect(await answer).toBe("left");
    await expect.poll(() => asked, PATIENCE).toMatch(/gone/);
  });

  it("ends its call where the client has gone for a while, and not while somebody follows it elsewhere", async () => {
    const aborted: unknown[] = [];
    const { url, endpoint } = await start({
      http: MEMORY,
      timing: { keepAliveMs: 30, goneMs: 300, heartbeatMs: 20 },
      tools: {
        hold: (args, { signal }) =>
          new Promise((resolve) => {
            signal.addEventListener("abort", () => (aborted.push(args["n"]), resolve(text("aborted"))));
          }),
      },
    });
    const session = await open(url);
    const callAndLeave = async (n: number) => {
      const leaving = new AbortController();
      const stream = events(await post(url, call(n, "hold", { n }), session, leaving.signal));
      const { value } = (await stream.next()) as { value: { id: string } };
      leaving.abort();
      return value.id;
    };
    const left = await callAndLeave(1);
    const followed = await callAndLeave(2);
    const follower = new AbortController();
    await get(url, { ...session, "last-event-id": followed }, follower.signal);
    await expect.poll(() => aborted.length, PATIENCE).toBe(1);
    await delay(400);
    expect(aborted).toEqual([1]);
    expect(endpoint.stats()).toMatchObject({ requests: 1 });
    const told = messages(await allEvents(await get(url, { ...session, "last-event-id": left })));
    expect(told).toEqual([expect.objectContaining({ id: 1, error: expect.anything() as object })]);
    follower.abort();
    await expect.poll(() => aborted, PATIENCE).toEqual([1, 2]);
  });
});
