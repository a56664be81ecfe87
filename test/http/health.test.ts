/** /health, which whoever restarts processes asks: it must notice one that no longer serves. */
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createHealth } from "../../src/http/status/health.ts";
import { silentLog, type Log } from "../../src/log/log.ts";
import { fakeRegistry, POLICY } from "../mcp-adapters/fake-registry.ts";
import { startApp, type Started } from "./start-app.ts";

const open: Started[] = [];
const closing: (() => void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) close();
  for (const server of open.splice(0)) await server.stop();
});

function block(milliseconds: number): void {
  for (const until = performance.now() + milliseconds; performance.now() < until;);
}

const turn = () => delay(15);

describe("/health", () => {
  it("says so while everything works", async () => {
    const server = await startApp();
    open.push(server);
    const answer = await fetch(`${server.url}/health`);
    expect([answer.status, await answer.json()]).toEqual([200, { status: "ok" }]);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("broken");
      },
    ],
    ["answers nonsense", () => ""],
  ])("says no where the registry %s", async (_what, listTools) => {
    const server = await startApp({}, { served: { ...fakeRegistry(), listTools } });
    open.push(server);
    const answer = await fetch(`${server.url}/health`);
    expect([answer.status, await answer.json()]).toEqual([503, { status: "broken" }]);
  });

  it.each([
    ["objects", Object.prototype],
    ["lists", Array.prototype],
  ])("says no where the prototype of %s is poisoned, and yes again after", (_what, prototype) => {
    const health = createHealth({ registry: fakeRegistry(), policy: POLICY, log: silentLog });
    closing.push(health.close);
    const poisoned = prototype as unknown as Record<string, unknown>;
    // Nothing else may run in between: whatever does would see it too.
    poisoned["poison"] = true;
    const state = health.state();
    delete poisoned["poison"];
    expect([state, health.state()]).toEqual(["broken", "ok"]);
  });

  it("says no while the loop mostly stands still, logs it once, and recovers", async () => {
    const lines: string[] = [];
    const log: Log = { ...silentLog, write: (_level, message) => void lines.push(message) };
    const timing = { beatMs: 10, windowMs: 600, stalledMs: 250 };
    const health = createHealth({ registry: fakeRegistry(), policy: POLICY, log, timing });
    closing.push(health.close);
    await turn();
    block(80);
    await turn();
    expect(health.state()).toBe("ok");
    for (let n = 0; n < 3; n += 1) {
      block(100);
      await turn();
    }
    expect([health.state(), health.state()]).toEqual(["stalled", "stalled"]);
    await vi.waitUntil(() => health.state() === "ok", { timeout: 20_000, interval: 50 });
    expect(lines).toEqual(["the process is stalled", "the process is ok"]);
  });
});
