/** Finds the most expensive day of a window, and the key, model and user that cost more than on their other days. */
import type { CompositeContext } from "../composite.ts";
import { readOptional } from "../steps/read-optional.ts";
import type { AnalyticsWindow } from "./analytics-window.ts";
import { roundCents, type Share } from "./cost-breakdown.ts";
import { sharesByKey, sharesByModel, sharesByUser } from "./cost-shares.ts";
import { daysWindow, type DayCost } from "./daily-costs.ts";

/** A member that cost more on the day than on its other days. */
export interface PeakMaker {
  readonly name: string;
  /** US cents on the day, and the mean of the other days. */
  readonly cost: number;
  readonly normal_day: number;
}

export interface PeakDay {
  /** The day's beginning, ISO 8601. */
  readonly at: string;
  readonly cost: number;
  /** The mean of the other days. */
  readonly normal_day?: number;
  readonly made_by?: Readonly<Record<string, PeakMaker>>;
}

type Pair = readonly [day: readonly Share[], all: readonly Share[]];
type Read = (context: CompositeContext, windows: readonly [AnalyticsWindow, AnalyticsWindow]) => Promise<Pair>;

const DIMENSIONS: readonly (readonly [name: string, read: Read])[] = [
  ["api_key", (context, windows) => sharesByKey(context, windows)],
  ["model", async (context, [day, all]) => [await sharesByModel(context, day), await sharesByModel(context, all)]],
  ["user", async (context, [day, all]) => [await sharesByUser(context, day), await sharesByUser(context, all)]],
];

/** The peak day; undefined where nothing was spent. A breakdown that cannot be read is left out. */
export async function findPeakDay(
  context: CompositeContext,
  workspace: string,
  days: readonly DayCost[],
): Promise<PeakDay | undefined> {
  const [first] = days;
  const peak = days.reduce<DayCost | undefined>((top, day) => (day.cost > (top?.cost ?? 0) ? day : top), undefined);
  if (first === undefined || peak === undefined) return undefined;
  const day = daysWindow(workspace, peak.day, 1);
  const others = days.length - 1;
  const at = day.time_of_generation_min;
  if (others === 0) return { at, cost: peak.cost };
  const windows = [day, daysWindow(workspace, first.day, days.length)] as const;
  const makers: [string, PeakMaker][] = [];
  for (const [name, read] of DIMENSIONS) {
    const shares = await readOptional(
      () => read(context, windows),
      () => undefined,
    );
    const maker = shares && findMaker(shares, others);
    if (maker !== undefined) makers.push([name, maker]);
  }
  const total = days.reduce((sum, { cost }) => sum + cost, 0);
  const normal = roundCents((total - peak.cost) / others);
  return { at, cost: peak.cost, normal_day: normal, made_by: Object.fromEntries(makers) };
}

/** The member that cost most above its own other days; undefined where none did. */
function findMaker([day, all]: Pair, others: number): PeakMaker | undefined {
  const whole = new Map(all.map(({ name, cost }) => [name, cost]));
  const [most] = day
    .map(({ name, cost }) => {
      const normal = Math.max(0, (whole.get(name) ?? cost) - cost) / others;
      return { name: name === "" ? "(none)" : name, cost: roundCents(cost), normal_day: roundCents(normal) };
    })
    .sort((a, b) => b.cost - b.normal_day - (a.cost - a.normal_day));
  return most !== undefined && most.cost > most.normal_day ? most : undefined;
}
