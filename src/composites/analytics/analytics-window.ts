/** A workspace's traffic in a stretch of time, read from Portkey's analytics: what was asked for, what it cost. */
import type { Json } from "../../catalog/json.ts";
import { readTime } from "../../catalog/times.ts";
import { clip } from "../../errors/clip.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { CompositeContext } from "../composite.ts";
import { itemsOf, membersOf, numberOf, objectIn, textOf } from "../values/portkey-values.ts";

export interface AnalyticsWindow extends Json {
  readonly workspace_slug: string;
  /** ISO 8601. */
  readonly time_of_generation_min: string;
  readonly time_of_generation_max: string;
}

export const DAY_MS = 86_400_000;

/** The `days` before `until`, which is UTC where it names no zone. BAD_INPUT for a time that is none. */
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

/** The total of one of the analytics graphs; `filters` are its arguments beside the window's. */
export async function graphTotal(
  context: CompositeContext,
  tool: string,
  window: AnalyticsWindow,
  filters: Json = {},
): Promise<number> {
  const { body } = await context.call(tool, { ...window, ...filters });
  const graph = objectIn(body);
  const total = numberOf(membersOf(graph["summary"])["total"]);
  return total ?? pointsOf(graph).reduce((sum, { total: each }) => sum + each, 0);
}

export interface Point {
  readonly timestamp: string;
  readonly total: number;
}

/** A graph's points. */
export function pointsOf(graph: Json): Point[] {
  return itemsOf({ data: graph["data_points"] }).flatMap((point) => {
    const [timestamp, total] = [textOf(point["timestamp"]), numberOf(point["total"])];
    return timestamp === undefined || total === undefined ? [] : [{ timestamp, total }];
  });
}
