/** Reads the cost of each day of a window: whole days in UTC, one request for each, so that days are comparable. */
import { inParallel } from "../steps/in-parallel.ts";
import type { CompositeContext } from "../composite.ts";
import { DAY_MS, graphTotal, type AnalyticsWindow } from "./analytics-window.ts";
import { roundCents } from "./cost-breakdown.ts";

export interface DayCost {
  /** `2026-11-16`, in UTC. */
  readonly day: string;
  /** US cents. */
  readonly cost: number;
}

/** The longest window that is read day by day. */
const MOST_DAYS = 31;

/** The costs of all days that a window overlaps, each as a whole; undefined where there are too many. */
export async function dailyCosts(
  context: CompositeContext,
  window: AnalyticsWindow,
): Promise<readonly DayCost[] | undefined> {
  const first = Math.floor(Date.parse(window.time_of_generation_min) / DAY_MS);
  const last = Math.floor((Date.parse(window.time_of_generation_max) - 1) / DAY_MS);
  if (last - first + 1 > MOST_DAYS) return undefined;
  const days = Array.from({ length: last - first + 1 }, (_, index) => formatDay((first + index) * DAY_MS));
  return inParallel(days, async (day) => ({
    day,
    cost: roundCents(await graphTotal(context, "get_cost_analytics", daysWindow(window.workspace_slug, day, 1))),
  }));
}

/** The window of `days` whole days from the beginning of `day`. */
export function daysWindow(workspace: string, day: string, days: number): AnalyticsWindow {
  const start = Date.parse(`${day}T00:00:00.000Z`);
  return {
    workspace_slug: workspace,
    time_of_generation_min: new Date(start).toISOString(),
    time_of_generation_max: new Date(start + days * DAY_MS).toISOString(),
  };
}

function formatDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
