/** Reads who and what caused a window's cost: by model, user, key or metadata value. */
import type { Json } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { clip } from "../../errors/clip.ts";
import { graphTotal, type AnalyticsWindow } from "./analytics-window.ts";
import type { CompositeContext } from "../composite.ts";
import type { Share } from "./cost-breakdown.ts";
import { inParallel } from "../steps/in-parallel.ts";
import { itemsOf, numberOf, objectsIn, textOf } from "../values/portkey-values.ts";

/** Members that take a request each, and providers that one asks about; the rest of the cost shows as others. */
const mostAsked = 30;
/** Rows of a group that are looked at; a page that is asked for has far fewer. */
const mostRows = 1_000;
const page = { current_page: 0, page_size: 100 };

/** One analytics group, as it comes: cost where the group has it. */
async function groupRows(
  context: CompositeContext,
  tool: string,
  window: AnalyticsWindow,
  more: Json = {},
): Promise<readonly Json[]> {
  return itemsOf((await context.call(tool, { ...window, ...page, ...more })).body).slice(0, mostRows);
}

function sharesOf(rows: readonly Json[], field: string): Share[] {
  return rows.map((row) => ({
    name: clip(String(row[field] ?? "")),
    cost: numberOf(row["cost"]) ?? 0,
    requests: numberOf(row["requests"]),
  }));
}

export async function sharesByUser(context: CompositeContext, window: AnalyticsWindow): Promise<Share[]> {
  return sharesOf(await groupRows(context, "get_user_stats", window), "user");
}

export async function sharesByMetadata(
  context: CompositeContext,
  window: AnalyticsWindow,
  key: string,
): Promise<Share[]> {
  return sharesOf(
    await groupRows(context, "get_analytics_group_metadata", window, { metadata_key: key }),
    "metadata_value",
  );
}

/**
 * The analytics group by model counts requests only.
 * So the cost of each model is requested, under every provider that may serve it.
 */
export async function sharesByModel(context: CompositeContext, window: AnalyticsWindow): Promise<Share[]> {
  const rows = await groupRows(context, "get_analytics_group_models", window);
  const shares = sharesOf(rows, "ai_model");
  if (rows.every((row) => row["cost"] !== undefined)) return shares;
  const providers = (await groupRows(context, "get_analytics_group_providers", window)).map(
    (row) => textOf(row["provider"]) ?? textOf(row["ai_org"]) ?? textOf(row["ai_service"]),
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

/** Whether a filter takes it as one value: a comma would make it two, and nothing that long is a name or an id. */
function isFilter(name: string): boolean {
  return name !== "" && name.length <= BOUNDS.comparedName && !name.includes(",");
}

/** By API key, newest keys first where there are many. */
export async function sharesByKey(
  context: CompositeContext,
  windows: readonly [AnalyticsWindow, AnalyticsWindow],
): Promise<[Share[], Share[]]> {
  const keys = objectsIn(
    await context.callAll("list_api_keys", { ...page, workspace_id: windows[0].workspace_slug }),
  ).filter((key) => isFilter(textOf(key["id"]) ?? ""));
  const asked = [...keys]
    .sort((a, b) => String(b["created_at"]).localeCompare(String(a["created_at"])))
    .slice(0, mostAsked);
  const of = (window: AnalyticsWindow) =>
    inParallel(asked, async (key) => ({
      name: `${clip(textOf(key["name"]) ?? "key")} (${String(key["id"])})`,
      cost: await graphTotal(context, "get_cost_analytics", window, { api_key_ids: String(key["id"]) }),
    }));
  return [await of(windows[0]), await of(windows[1])];
}
