/** What each day of a window cost: whole days in UTC, each asked for by itself: so a day is the same everywhere. */
import { inParallel } from "../steps/in-parallel.ts";
import type { CompositeContext } from "../composite.ts";
import { DAY_MS, graphTotal, type AnalyticsWindow } from "./analytics-window.ts";
import { cents } from "./cost-breakdown.ts";

export interface DayCost {
  /** `2026-11-16`, in UTC. */
  readonly day: string;
  /** US cents. */
  readonly cost: number;
}

/** A request for each day: more days than these are not told one by one. */
const MOST_DAYS = 31;

/** The days that a window touches, whole; undefined where there are too many. */
export async function dailyCosts(
  context: CompositeContext,
  window: AnalyticsWindow,
): Promise<readonly DayCost[] | undefined> {
  const first = Math.floor(Date.parse(window.time_of_generation_min) / DAY_MS);
  const last = Math.floor((Date.parse(window.time_of_generation_max) - 1) / DAY_MS);
  if (last - first + 1 > MOST_DAYS) return undefined;
  const days = Array.from({ length: last - first + 1 }, (_, index) => dayOf((first + index) * DAY_MS));
  return inParallel(days, async (day) => ({
    day,
    cost: cents(await graphTotal(context, "get_cost_analytics", daysWindow(window.workspace_slug, day, 1))),
  }));
}

/** So many whole days from the beginning of one. */
export function daysWindow(workspace: string, day: string, days: number): AnalyticsWindow {
  const start = Date.parse(`${day}T00:00:00.000Z`);
  return {
    workspace_slug: workspace,
    time_of_generation_min: new Date(start).toISOString(),
    time_of_generation_max: new Date(start + days * DAY_MS).toISOString(),
  };
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
