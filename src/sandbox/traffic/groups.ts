/**
 * The analytics groups: requests by a dimension (user, model, key, …), with the figures of each group.
 */
import { groupRows, isError, meanFigure, percent, sumFigure, totalTokens, weightedFeedback } from "./figures.ts";
import { ownEntry, type Json } from "../json.ts";
import type { LogRow } from "./traffic.ts";

interface Dimension {
  /** The field that names the group. */
  readonly field: string;
  readonly of: (row: LogRow) => string;
}

/** Dimensions by the last segment of the path; Portkey has two spellings of some. */
const dimensions: Readonly<Record<string, Dimension>> = {
  "ai-models": { field: "ai_model", of: (row) => row.model },
  ai_service: { field: "ai_service", of: (row) => row.provider },
  api_key: { field: "api_key", of: (row) => row.apiKey },
  config: { field: "config", of: (row) => row.config },
  model: { field: "model", of: (row) => row.model },
  prompt: { field: "prompt", of: (row) => row.prompt },
  provider: { field: "provider", of: (row) => row.provider },
  status_code: { field: "status_code", of: (row) => String(row.status) },
  user: { field: "user", of: (row) => row.user },
  users: { field: "user", of: (row) => row.user },
  virtual_key: { field: "virtual_key", of: (row) => row.virtualKey },
  workspace: { field: "workspace", of: (row) => row.workspace },
  workspaces: { field: "workspace", of: (row) => row.workspace },
};

export function findDimension(name: string): Dimension | undefined {
  return ownEntry(dimensions, name);
}

export function metadataDimension(key: string): Dimension {
  return { field: "metadata_value", of: (row) => ownEntry(row.metadata, key) ?? "" };
}

/** One entry for each group, the one with most requests first. */
export function groupBy({ field, of }: Dimension, rows: readonly LogRow[]): Json[] {
  return groupRows(rows, of).map(([name, group]) => ({
    [field]: name,
    requests: group.length,
    cost: sumFigure(group, (row) => row.cost),
    tokens: sumFigure(group, totalTokens),
    avg_tokens: meanFigure(group, totalTokens),
    avg_latency: meanFigure(group, (row) => row.latency),
    error_rate: percent(group.filter(isError).length, group.length),
    avg_weighted_feedback: weightedFeedback(group),
    requests_with_feedback: group.filter((row) => row.feedback.length > 0).length,
    last_seen: new Date(group.reduce((latest, row) => Math.max(latest, row.at), 0)).toISOString(),
    object: "analytics-group",
  }));
}
