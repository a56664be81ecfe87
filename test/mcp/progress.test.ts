/** Progress as a client gets it: it only grows, and a flood of it is thinned out. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createProgress } from "../../src/mcp/progress.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

/** What is sent of steps that are reported at once. */
function reporter() {
  const sent: number[] = [];
  const report = createProgress("token", ({ progress }) => sent.push(progress));
  return { sent, reportAll: (steps: readonly number[]) => steps.forEach((step) => report(step)) };
}

const steps = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

describe("progress", () => {
  test.each([
    ["that stays is left out", [1, 1, 2], [1, 2]],
    ["that shrinks is left out", [3, 2, 4], [3, 4]],
    ["may begin below nothing", [-2, -1, 0], [-2, -1, 0]],
  ])("%s", (_what, reported, want) => {
    const { sent, reportAll } = reporter();
    reportAll(reported);
    expect(sent).toEqual(want);
  });

  test("that comes in a flood is sent up to 1,000 steps, and then 100 a second", () => {
    const { sent, reportAll } = reporter();
    reportAll(steps(0, 5_000));
    expect(sent).toEqual(steps(0, 1_000));
    vi.advanceTimersByTime(2_000);
    reportAll(steps(5_000, 9_000));
    expect(sent.slice(1_000)).toEqual(steps(5_000, 5_200));
  });
});
