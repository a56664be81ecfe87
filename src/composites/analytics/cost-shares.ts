/** Reads a window's cost by model, user, key or metadata value. */
import type { Json } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { clip } from "../../errors/clip.ts";
import { graphTotal, type AnalyticsWindow } from "./analytics-window.ts";
import type { CompositeContext } from "../composite.ts";
import type { Share } from "./cost-breakdown.ts";
import { inParallel } from "../steps/in-parallel.ts";
import { readItems, asNumber, filterObjects, asText } from "../values/portkey-values.ts";

/** How many members are read with a request each, and how many providers. The rest of the cost counts as others. */
const mostAsked = 30;
/** How many rows of a group are used; the requested page is far smaller. */
const mostRows = 1_000;
const page = { current_page: 0, page_size: 100 };

/** The rows of an analytics group; some groups have a cost, some do not. */
async function groupRows(
  context: CompositeContext,
  tool: string,
  window: AnalyticsWindow,
  more: Json = {},
): Promise<readonly Json[]> {
  return readItems((await context.call(tool, { ...window, ...page, ...more })).body).slice(0, mostRows);
}

function toShares(rows: readonly Json[], field: string): Share[] {
  return rows.map((row) => ({
    name: clip(String(row[field] ?? "")),
    cost: asNumber(row["cost"]) ?? 0,
    requests: asNumber(row["requests"]),
  }));
}

export async function sharesByUser(context: CompositeContext, window: AnalyticsWindow): Promise<Share[]> {
  return toShares(await groupRows(context, "get_user_stats", window), "user");
}

export async function sharesByMetadata(
  context: CompositeContext,
  window: AnalyticsWindow,
  key: string,
): Promise<Share[]> {
  return toShares(
    await groupRows(context, "get_analytics_group_metadata", window, { metadata_key: key }),
    "metadata_value",
  );
}

/**
 * Where the analytics group by model has no cost, the cost of each model is requested, summed over all providers that
 * may serve it.
 */
export async function sharesByModel(context: CompositeContext, window: AnalyticsWindow): Promise<Share[]> {
  const rows = await groupRows(context, "get_analytics_group_models", window);
  const shares = toShares(rows, "ai_model");
  if (rows.every((row) => row["cost"] !== undefined)) return shares;
  const providers = (await groupRows(context, "get_analytics_group_providers", window)).map(
    (row) => asText(row["provider"]) ?? asText(row["ai_org"]) ?? asText(row["ai_service"]),
  );
  const known = providers.filter((name) => name !== undefined && isFilter(name)).slice(0, mostAsked);
  const asked = shares.filter(({ name }) => isFilter(name)).slice(0, mostAsked);
  return inParallel(asked, async (share) => ({
    ...share,
    cost: await graphTotal(context, "get_cost_analytics", window, {
      ai_org_model: known.map((provider) => `${provider}__${share.name}`).join(","),
    }),
  }));
}

/** Whether a filter takes the text as one value: a comma would split it, and longer texts are no names or ids. */
function isFilter(name: string): boolean {
  return name !== "" && name.length <= BOUNDS.comparedName && !name.includes(",");
}

/** The shares of API keys in both windows; where there are many keys, of the newest. */
export async function sharesByKey(
  context: CompositeContext,
  windows: readonly [AnalyticsWindow, AnalyticsWindow],
): Promise<[Share[], Share[]]> {
  const keys = filterObjects(
    await context.callAll("list_api_keys", { ...page, workspace_id: windows[0].workspace_slug }),
  ).filter((key) => isFilter(asText(key["id"]) ?? ""));
  const asked = [...keys]
    .sort((a, b) => String(b["created_at"]).localeCompare(String(a["created_at"])))
    .slice(0, mostAsked);
  const readShares = (window: AnalyticsWindow) =>
    inParallel(asked, async (key) => ({
      name: `${clip(asText(key["name"]) ?? "key")} (${String(key["id"])})`,
      cost: await graphTotal(context, "get_cost_analytics", window, { api_key_ids: String(key["id"]) }),
    }));
  return [await readShares(windows[0]), await readShares(windows[1])];
}
