/** The dearest day of a window, and what it stands against. */
import { describe, expect, test } from "vitest";
import { findPeakDay } from "../../src/composites/analytics/peak-day.ts";
import { PortkeyMcpError } from "../../src/errors/errors.ts";
import { fakeContext } from "./fake-context.ts";

const refused = () => {
  throw new PortkeyMcpError("PORTKEY", "no");
};
const UNREAD = {
  get_analytics_group: refused,
  get_analytics_group_models: refused,
  get_cost_analytics: refused,
  get_user_stats: refused,
  list_api_keys: refused,
};
const daysOf = (...costs: number[]) => costs.map((cost, index) => ({ day: `2026-11-${10 + index}`, cost }));
const peakOf = async (...costs: number[]) => {
  const peak = await findPeakDay(fakeContext(UNREAD).context, "w", daysOf(...costs));
  return peak && { ...peak, at: peak.at.slice(0, 10) };
};

describe("the dearest day", () => {
  test.each([
    ["is the one that cost most", [1, 9, 2], { at: "2026-11-11", cost: 9, normal_day: 1.5 }],
    ["is the first of several alike", [3, 9, 9], { at: "2026-11-11", cost: 9, normal_day: 6 }],
    ["stands alone where there is no other", [4], { at: "2026-11-10", cost: 4 }],
    ["is none where nothing was spent", [0, 0], undefined],
    ["is none of no days", [], undefined],
  ])("%s", async (_what, costs, want) => {
    const { made_by: _unread, ...peak } = (await peakOf(...costs)) ?? {};
    expect(peak).toEqual(want ?? {});
  });
});
