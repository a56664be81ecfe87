/**
 * Handles `/analytics/…` and `/logs/groups/…`: graphs, summaries and groups of the filtered log.
 */
import { ApiError } from "../http/api-error.ts";
import type { Handler, Call } from "../behaviour/call.ts";
import { withoutNames } from "../shapes/document.ts";
import { cacheSummary, graphs, type Bucket } from "./graphs.ts";
import { findDimension, groupBy, metadataDimension } from "./groups.ts";
import type { Json } from "../json.ts";
import { takePage } from "../shapes/paging.ts";
import { createRowFilter, parseTime } from "../shapes/row-filters.ts";
import type { LogRow } from "./traffic.ts";
import { createJsonView } from "../shapes/views.ts";

const minute = 60_000;
const bucketSizes = [5, 60, 24 * 60, 7 * 24 * 60, 30 * 24 * 60].map((minutes) => minutes * minute);
const mostBuckets = 96;
/** The default period of a request. */
const defaultSpan = 30 * 24 * 60 * minute;

/** The handler of an analytics path; undefined where there is none. */
export function analyticsHandler(path: string): Handler | undefined {
  const [, root, form, ...rest] = withoutNames(path).split("/");
  if (root === "logs" && form === "groups") return groupReply;
  if (root !== "analytics") return undefined;
  const name = rest.join("/");
  if (form === "graphs" && graphs[name]) return (call) => graphReply(call, name);
  if (form === "summary" && name === "cache")
    return (call) => ({
      one: createJsonView(call.operation.key, { summary: cacheSummary(findRows(call)), object: "analytics-summary" }),
    });
  if (form === "groups") return groupReply;
  return undefined;
}

const graphReply = (call: Call, name: string) => {
  const graph = graphs[name];
  const rows = findRows(call);
  const data_points = graph?.points(createBuckets(call, rows), rows) ?? [];
  const summary = graph?.summary(rows) ?? {};
  if (hasIntegerTotals(call)) roundTotals(data_points);
  return { one: createJsonView(call.operation.key, { summary, data_points, object: "analytics-graph" }) };
};

const groupReply: Handler = (call) => {
  const name = call.values[0] ?? call.operation.path.split("/").at(-1) ?? "";
  const dimension = call.operation.path.includes("/metadata/") ? metadataDimension(name) : findDimension(name);
  if (!dimension) throw new ApiError(400, `Requests cannot be grouped by ${name}.`);
  const columns = call.listQuery("columns");
  const groups = groupBy(dimension, findRows(call)).map((group) =>
    columns ? pickColumns(group, [dimension.field, "object", ...columns]) : group,
  );
  return {
    page: takePage(
      call,
      groups.map((group, index) => createJsonView(`${name}:${index}`, group)),
    ),
  };
};

/** The rows that the key may see and that match the request's filters. */
function findRows(call: Call): LogRow[] {
  const { workspaceId } = call.principal;
  const ownSlug = workspaceId ? call.world.workspace(workspaceId)?.fields["slug"] : undefined;
  const asked = call.query["workspace_slug"];
  const slug = asked ? call.world.workspace(call.workspaceId(asked))?.fields["slug"] : ownSlug;
  return call.world.traffic.rows.filter(createRowFilter({ ...call.query, workspace_slug: slug }));
}

/** Buckets of time, also empty ones, as small as their maximum number allows. */
function createBuckets(call: Call, rows: readonly LogRow[]): Bucket[] {
  const end = call.query["time_of_generation_max"]
    ? parseTime("time_of_generation_max", call.query["time_of_generation_max"])
    : call.world.now();
  const start = call.query["time_of_generation_min"]
    ? parseTime("time_of_generation_min", call.query["time_of_generation_min"])
    : end - defaultSpan;
  const size =
    bucketSizes.find((entry) => (end - start) / entry <= mostBuckets) ?? Math.ceil((end - start) / mostBuckets);
  const first = Math.floor(start / size);
  const buckets = Array.from({ length: Math.max(0, Math.floor(end / size) - first + 1) }, (_, index) => ({
    timestamp: new Date((first + index) * size).toISOString(),
    rows: [] as LogRow[],
  }));
  for (const row of rows) buckets[Math.floor(row.at / size) - first]?.rows.push(row);
  return buckets;
}

/** Whether the document declares the points' totals as whole numbers. */
function hasIntegerTotals(call: Call): boolean {
  const { schemas } = call.world.document;
  const points = call.operation.answer && schemas.resolve(call.operation.answer).properties?.["data_points"];
  const point = points && schemas.resolve(points).items;
  const total = point && schemas.resolve(point).properties?.["total"];
  return total !== undefined && schemas.resolve(total).type === "integer";
}

/** Rounds totals so that they add up to the rounded sum: each is the difference of the rounded running sum. */
function roundTotals(points: Json[]): void {
  let sum = 0;
  for (const point of points) {
    if (typeof point["total"] !== "number") continue;
    const before = Math.round(sum);
    sum += point["total"];
    point["total"] = Math.round(sum) - before;
  }
}

function pickColumns(group: Json, columns: readonly string[]): Json {
  return Object.fromEntries(Object.entries(group).filter(([name]) => columns.includes(name)));
}
