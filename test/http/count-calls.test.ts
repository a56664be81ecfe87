import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { countCalls } from "../../src/http/observability/count-calls.ts";
import { callerNamed, fakeRegistry, text } from "../mcp-adapters/fake-registry.ts";

const LINK = { signal: new AbortController().signal };

/** Calls that end when they are told to. */
function held(limit: number) {
  const ends: (() => void)[] = [];
  const counted = countCalls(
    fakeRegistry({
      hold: () =>
        new Promise((resolve) => {
          ends.push(() => resolve(text("ok")));
        }),
      fail: () => {
        throw new Error("no");
      },
    }),
    limit,
  );
  const call = (who: string, tool = "hold") => counted.registry.callTool(tool, {}, callerNamed(who), LINK);
  return { ...counted, call, end: () => ends.shift()?.() };
}

describe("running calls", () => {
  it("are limited for each principal by itself", async () => {
    const { call, end, running } = held(2);
    const mine = [call("alice"), call("alice")];
    await expect(call("alice")).rejects.toMatchObject({
      code: -32000,
      message: "2 calls of yours are running, and no more may run at once. Wait for one to end.",
    });
    const theirs = call("bob");
    expect(running()).toBe(3);
    end();
    await mine[0];
    const next = call("alice");
    for (let at = 0; at < 3; at += 1) end();
    await Promise.all([...mine, theirs, next]);
    expect(running()).toBe(0);
  });

  it("that fail are not counted for ever", async () => {
    const { call, running } = held(1);
    const ends: unknown[] = [];
    for (let at = 0; at < 3; at += 1) ends.push(await call("alice", "fail").catch((error: Error) => error.message));
    expect(ends).toEqual(["no", "no", "no"]);
    expect(running()).toBe(0);
  });

  it("can be waited for, but not longer than asked", async () => {
    const { call, end, waitUntilIdle } = held(2);
    expect(await waitUntilIdle(1_000)).toBe(0);
    const mine = call("alice");
    expect(await waitUntilIdle(20)).toBe(1);
    const wait = waitUntilIdle(1_000);
    end();
    await mine;
    expect(await wait).toBe(0);
  });
});

describe("a call's slot", () => {
  it("is free while the call waits for an answer that nobody gives", async () => {
    const answers: (() => void)[] = [];
    const ask = () => new Promise<never>((resolve) => answers.push(resolve as () => void));
    const { registry } = countCalls(
      fakeRegistry({
        ask: async (_args, link) => text(await link.elicit?.("Sure?", {})),
        sample: async (_args, link) => text(await link.sample?.({})),
        roots: async (_args, link) => text(await link.roots?.()),
        quick: () => text("ok"),
      }),
      2,
    );
    const link = { ...LINK, elicit: ask, sample: ask, roots: ask };
    const call = (tool: string) => registry.callTool(tool, {}, callerNamed("anonymous"), link);
    const waiting = ["ask", "sample", "roots", "ask", "ask", "sample", "roots", "ask"].map(call);
    await expect(call("quick")).rejects.toMatchObject({ message: expect.stringContaining("wait for an answer") });
    answers.shift()?.();
    await waiting[0];
    expect(await call("quick")).toEqual(text("ok"));
    for (const answer of answers) answer();
    await Promise.all(waiting);
  });

  it("is of all who share a quota, and of nobody else", async () => {
    const { registry } = countCalls(fakeRegistry({ hold: () => new Promise(() => undefined) }), 1);
    const call = (quota: string) => registry.callTool("hold", {}, { ...callerNamed("anonymous"), quota }, LINK);
    void call("address 203.0.113.1");
    await expect(call("address 203.0.113.1")).rejects.toMatchObject({ code: -32000 });
    void call("address 203.0.113.2");
  });

  it.each([true, false])("is given back after the longest time, whether the call ends by itself: %s", async (ends) => {
    const { registry, running } = countCalls(
      fakeRegistry({
        hold: (_args, { signal }) =>
          new Promise((_resolve, reject) => {
            if (ends) signal.addEventListener("abort", () => reject(signal.reason as Error));
          }),
      }),
      1,
      50,
    );
    await expect(registry.callTool("hold", {}, callerNamed("a"), LINK)).rejects.toThrow("MCP_CALL_TIMEOUT_MS");
    expect(running()).toBe(0);
  });

  it("each end after their own time, told why, and free their slots; those that had ended are left alone", async () => {
    const told: unknown[] = [];
    const counted = countCalls(
      fakeRegistry({
        hears: (_args, link) =>
          new Promise((resolve) => {
            link.signal.addEventListener("abort", () => {
              told.push(link.signal.reason);
              resolve(text("stopped"));
            });
          }),
        quick: () => text("ok"),
      }),
      3,
      60,
    );
    const call = (tool: string) => counted.registry.callTool(tool, {}, callerNamed("alice"), LINK);
    const ends: number[] = [];
    const timed = async () => {
      const started = performance.now();
      await call("hears");
      ends.push(performance.now() - started);
    };
    const first = timed();
    await call("quick");
    await delay(30);
    await Promise.all([first, timed(), timed()]);
    const cancelled = expect.objectContaining({ code: "CANCELLED" }) as unknown;
    expect(told).toEqual([cancelled, cancelled, cancelled]);
    expect(ends.filter((ms) => ms < 59)).toEqual([]);
    expect(counted.running()).toBe(0);
    // And the next ones too, though nothing ran for a while.
    await timed();
    expect(told).toHaveLength(4);
  });
});

describe("a call that is told to stop", () => {
  const own = new AbortController();
  it.each([
    ["that only its client can end", LINK, false],
    ["that its server can end", { signal: own.signal, abort: (reason: Error) => own.abort(reason) }, true],
  ])("hears so over a link %s", async (_what, link, ended) => {
    const counted = countCalls(
      fakeRegistry({
        hears: (_args, { signal }) =>
          new Promise((resolve) => {
            signal.addEventListener("abort", () => resolve(text((signal.reason as Error).message)));
          }),
      }),
      1,
    );
    const call = counted.registry.callTool("hears", {}, callerNamed("alice"), link);
    counted.abort();
    expect(await call).toEqual(
      text("This instance stopped before the call ended; whether it took effect is not known."),
    );
    expect(link.signal.aborted).toBe(ended);
  });
});
