/** explain_cost: compares the cost of a workspace's traffic in two windows, with breakdowns and findings. */
import type { Json } from "../../catalog/json.ts";
import { graphTotal, readPoints, windowBefore, type AnalyticsWindow } from "../analytics/analytics-window.ts";
import type { Composite, CompositeContext } from "../composite.ts";
import { breakDownCosts, roundCents, type CostRow, type Share } from "../analytics/cost-breakdown.ts";
import { dailyCosts, type DayCost } from "../analytics/daily-costs.ts";
import { findPeakDay, type PeakDay } from "../analytics/peak-day.ts";
import { costFindings, type Totals } from "../analytics/cost-findings.ts";
import { sharesByKey, sharesByMetadata, sharesByModel, sharesByUser } from "../analytics/cost-shares.ts";
import { readWholeNumber } from "../values/check-arguments.ts";
import { readOptional } from "../steps/read-optional.ts";
import { asNumber, readObject, asText } from "../values/portkey-values.ts";

const defaultDays = 7;
const rowsShown = 10;

type Windows = readonly [now: AnalyticsWindow, before: AnalyticsWindow];
type Dimension = readonly [name: string, read: () => Promise<Shares>];
type Shares = readonly [now: readonly Share[], before: readonly Share[]];

export const composite: Composite<"explain-cost"> = async (args, context) => {
  const workspace = args.workspace_slug;
  const length = readWholeNumber("explain_cost", args, "days", { least: 1, most: 365, byDefault: defaultDays });
  const now = windowBefore(workspace, args.until, length);
  const before = windowBefore(workspace, args.previous_until ?? now.time_of_generation_min, length);
  const windows: Windows = [now, before];
  const [current, previous] = [await readTotals(context, now), await readTotals(context, before)];
  context.progress(1, 5, "totals");
  const { days, peak } = await readDays(context, now);

  const key = asText(args.metadata_key);
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
      read.push([name, breakDownCosts(shares[0], shares[1], { now: current.cost, before: previous.cost }, rowsShown)]);
    context.progress(index + 2, dimensions.length + 1, name);
  }
  const tables = Object.fromEntries(read);
  return {
    workspace_slug: workspace,
    currency: "US cents",
    window: { from: now.time_of_generation_min, to: now.time_of_generation_max, ...current, ...(peak && { peak }) },
    previous_window: { from: before.time_of_generation_min, to: before.time_of_generation_max, ...previous },
    change: roundCents(current.cost - previous.cost),
    findings: costFindings({ ...current, ...(peak && { peak }) }, previous, tables),
    ...(days === undefined ? {} : { daily: days, daily_note: "Whole days in UTC, also the first and the last." }),
    ...tables,
    ...(unread.length > 0 && { unread }),
  };
};

/** The costs of the days, and the most expensive one; empty where they cannot be read or are too many. */
async function readDays(
  context: CompositeContext,
  window: AnalyticsWindow,
): Promise<{ readonly days?: readonly DayCost[]; readonly peak?: PeakDay }> {
  const days = await readOptional(
    () => dailyCosts(context, window),
    () => undefined,
  );
  if (days === undefined) return {};
  const peak = await findPeakDay(context, window.workspace_slug, days);
  return { days, ...(peak && { peak }) };
}

async function readTotals(context: CompositeContext, window: AnalyticsWindow): Promise<Totals> {
  const graph = readObject((await context.call("get_cost_analytics", { ...window })).body);
  const points = readPoints(graph);
  const cost = totalCost(graph, points);
  const requests = await graphTotal(context, "get_request_analytics", window);
  const tokens = await graphTotal(context, "get_token_analytics", window);
  return { cost: roundCents(cost), requests, tokens };
}

function totalCost(graph: Json, points: readonly { total: number }[]): number {
  return (
    asNumber((graph["summary"] as Json | undefined)?.["total"]) ?? points.reduce((sum, point) => sum + point.total, 0)
  );
}

async function inEachWindow(windows: Windows, read: (window: AnalyticsWindow) => Promise<Share[]>): Promise<Shares> {
  return [await read(windows[0]), await read(windows[1])];
}
