/** Reads totals of a workspace's traffic in a window of time from Portkey's analytics. */
import type { Json } from "../../catalog/json.ts";
import { readTime } from "../../catalog/times.ts";
import { clip } from "../../errors/clip.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { CompositeContext } from "../composite.ts";
import { readItems, asObject, asNumber, readObject, asText } from "../values/portkey-values.ts";

export interface AnalyticsWindow extends Json {
  readonly workspace_slug: string;
  /** ISO 8601. */
  readonly time_of_generation_min: string;
  readonly time_of_generation_max: string;
}

export const DAY_MS = 86_400_000;

/** The window of `days` before `until`, an ISO 8601 time, UTC without a zone. Throws BAD_INPUT for an invalid one. */
export function windowBefore(workspace: string, until: unknown, days: number): AnalyticsWindow {
  const text = typeof until === "string" ? until : "";
  const end = until === undefined ? Date.now() : readTime(text.trim());
  const start = new Date((end ?? NaN) - days * DAY_MS);
  if (end === undefined || Number.isNaN(start.getTime()))
    throw new PortkeyMcpError(
      "BAD_INPUT",
      `${JSON.stringify(clip(text))} is no ISO 8601 time, such as 2026-11-01T00:00:00Z or 2026-11-01T05:30:00+05:30.`,
    );
  return {
    workspace_slug: workspace,
    time_of_generation_min: start.toISOString(),
    time_of_generation_max: new Date(end).toISOString(),
  };
}

/** The total of an analytics graph; `filters` are arguments beside the window's. */
export async function graphTotal(
  context: CompositeContext,
  tool: string,
  window: AnalyticsWindow,
  filters: Json = {},
): Promise<number> {
  const { body } = await context.call(tool, { ...window, ...filters });
  const graph = readObject(body);
  const total = asNumber(asObject(graph["summary"])["total"]);
  return total ?? readPoints(graph).reduce((sum, point) => sum + point.total, 0);
}

export interface Point {
  readonly timestamp: string;
  readonly total: number;
}

/** A graph's points. */
export function readPoints(graph: Json): Point[] {
  return readItems({ data: graph["data_points"] }).flatMap((point) => {
    const [timestamp, total] = [asText(point["timestamp"]), asNumber(point["total"])];
    return timestamp === undefined || total === undefined ? [] : [{ timestamp, total }];
  });
}
