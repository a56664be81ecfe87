/** explain_cost: what a workspace's traffic cost in two windows, broken down, and what made the difference. */
import type { Json } from "../../catalog/json.ts";
import { graphTotal, pointsOf, windowBefore, type AnalyticsWindow } from "../analytics/analytics-window.ts";
import type { Composite, CompositeContext } from "../composite.ts";
import { breakdown, cents, type CostRow, type Share } from "../analytics/cost-breakdown.ts";
import { dailyCosts, type DayCost } from "../analytics/daily-costs.ts";
import { peakDay, type PeakDay } from "../analytics/peak-day.ts";
import { costFindings, type Totals } from "../analytics/cost-findings.ts";
import { sharesByKey, sharesByMetadata, sharesByModel, sharesByUser } from "../analytics/cost-shares.ts";
import { wholeNumber } from "../values/check-arguments.ts";
import { readOptional } from "../steps/read-optional.ts";
import { numberOf, objectIn, textOf } from "../values/portkey-values.ts";

const defaultDays = 7;
const rowsShown = 10;

type Windows = readonly [now: AnalyticsWindow, before: AnalyticsWindow];
type Dimension = readonly [name: string, read: () => Promise<Shares>];
type Shares = readonly [now: readonly Share[], before: readonly Share[]];

export const composite: Composite<"explain-cost"> = async (args, context) => {
  const workspace = args.workspace_slug;
  const length = wholeNumber("explain_cost", args, "days", { least: 1, most: 365, byDefault: defaultDays });
  const now = windowBefore(workspace, args.until, length);
  const before = windowBefore(workspace, args.previous_until ?? now.time_of_generation_min, length);
  const windows: Windows = [now, before];
  const [current, previous] = [await totalsOf(context, now), await totalsOf(context, before)];
  context.progress(1, 5, "totals");
  const { days, peak } = await daysOf(context, now);

  const key = textOf(args.metadata_key);
  const dimensions: Dimension[] = [
    ["by_model", () => inEachWindow(windows, (window) => sharesByModel(context, window))],
    ["by_user", () => inEachWindow(windows, (window) => sharesByUser(context, window))],
    ["by_api_key", () => sharesByKey(context, windows)],
  ];
  if (key !== undefined) {
    const read = () => inEachWindow(windows, (window) => sharesByMetadata(context, window, key));
    dimensions.push([`by_metadata_${key}`, read]);
  }
  const read: [string, CostRow[]][] = [];
  const unread: Json[] = [];
  for (const [index, [name, readShares]] of dimensions.entries()) {
    const shares = await readOptional(readShares, (message) => void unread.push({ breakdown: name, error: message }));
    if (shares !== undefined)
      read.push([name, breakdown(shares[0], shares[1], { now: current.cost, before: previous.cost }, rowsShown)]);
    context.progress(index + 2, dimensions.length + 1, name);
  }
  const tables = Object.fromEntries(read);
  return {
    workspace_slug: workspace,
    currency: "US cents",
    window: { from: now.time_of_generation_min, to: now.time_of_generation_max, ...current, ...(peak && { peak }) },
    previous_window: { from: before.time_of_generation_min, to: before.time_of_generation_max, ...previous },
    change: cents(current.cost - previous.cost),
    findings: costFindings({ ...current, ...(peak && { peak }) }, previous, tables),
    ...(days === undefined ? {} : { daily: days, daily_note: "Whole days in UTC, also the first and the last." }),
    ...tables,
    ...(unread.length > 0 && { unread }),
  };
};

/** The days and the dearest of them; neither where they could not be read, or are too many to be told one by one. */
async function daysOf(
  context: CompositeContext,
  window: AnalyticsWindow,
): Promise<{ readonly days?: readonly DayCost[]; readonly peak?: PeakDay }> {
  const days = await readOptional(
    () => dailyCosts(context, window),
    () => undefined,
  );
  if (days === undefined) return {};
  const peak = await peakDay(context, window.workspace_slug, days);
  return { days, ...(peak && { peak }) };
}

async function totalsOf(context: CompositeContext, window: AnalyticsWindow): Promise<Totals> {
  const graph = objectIn((await context.call("get_cost_analytics", { ...window })).body);
  const points = pointsOf(graph);
  const cost = totalCost(graph, points);
  const requests = await graphTotal(context, "get_request_analytics", window);
  const tokens = await graphTotal(context, "get_token_analytics", window);
  return { cost: cents(cost), requests, tokens };
}

function totalCost(graph: Json, points: readonly { total: number }[]): number {
  return (
    numberOf((graph["summary"] as Json | undefined)?.["total"]) ?? points.reduce((sum, point) => sum + point.total, 0)
  );
}

async function inEachWindow(windows: Windows, read: (window: AnalyticsWindow) => Promise<Share[]>): Promise<Shares> {
  return [await read(windows[0]), await read(windows[1])];
}
