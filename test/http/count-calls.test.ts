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
    for (let at = 0; at < 3; at += 1) await expect(call("alice", "fail")).rejects.toThrow("no");
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
