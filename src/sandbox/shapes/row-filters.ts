/**
 * Filters rows of the log, for analytics and exports: a test for each parameter.
 */
import { readTime } from "../../catalog/times.ts";
import { isObject } from "../../catalog/json.ts";
import { ApiError } from "../http/api-error.ts";
import { ownEntry, type Json } from "../json.ts";
import type { LogRow } from "../traffic/traffic.ts";

type Test = (row: LogRow) => boolean;

const sumFeedback = (row: LogRow) => row.feedback.reduce((sum, { value, weight }) => sum + value * weight, 0);

/** Figures with bounds, by the parameter's name without `_min` and `_max`. */
const figures: Readonly<Record<string, (row: LogRow) => number>> = {
  completion_token: (row) => row.responseTokens,
  cost: (row) => row.cost,
  prompt_token: (row) => row.requestTokens,
  total_units: (row) => row.requestTokens + row.responseTokens,
  weighted_feedback: sumFeedback,
};

/** Values to compare with a list separated by commas, by the parameter's name. */
const names: Readonly<Record<string, (row: LogRow) => string>> = {
  ai_model: (row) => row.model,
  ai_org_model: (row) => `${row.provider}__${row.model}`,
  api_key_ids: (row) => row.apiKey,
  configs: (row) => row.config,
  prompt_slug: (row) => row.prompt,
  span_id: (row) => row.spanId,
  status_code: (row) => String(row.status),
  trace_id: (row) => row.traceId,
  virtual_keys: (row) => row.virtualKey,
  workspace_slug: (row) => row.workspace,
};

/** A test for all of the given parameters. Throws 400 for an invalid time or number. */
export function createRowFilter(parameters: Json): Test {
  const tests = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : createTests(name, value),
  );
  return (row) => tests.every((test) => test(row));
}

function createTests(name: string, value: unknown): Test[] {
  if (name === "time_of_generation_min") return [atLeast((row) => row.at, parseTime(name, value))];
  if (name === "time_of_generation_max") return [atMost((row) => row.at, parseTime(name, value))];
  if (name === "metadata") return [hasMetadata(value)];
  const named = ownEntry(names, name);
  if (named) {
    const wanted = new Set(
      String(value)
        .split(",")
        .map((entry) => entry.trim()),
    );
    return [(row) => wanted.has(named(row))];
  }
  const figure = ownEntry(figures, name.replace(/_(min|max)$/, ""));
  if (!figure) return [];
  const bound = Number(value);
  if (Number.isNaN(bound)) throw new ApiError(400, `${name} must be a number.`);
  return [name.endsWith("_min") ? atLeast(figure, bound) : atMost(figure, bound)];
}

function atLeast(figure: (row: LogRow) => number, bound: number): Test {
  return (row) => figure(row) >= bound;
}

function atMost(figure: (row: LogRow) => number, bound: number): Test {
  return (row) => figure(row) <= bound;
}

/** Milliseconds since the epoch. */
export function parseTime(name: string, value: unknown): number {
  const at = readTime(String(value));
  if (at === undefined) throw new ApiError(400, `${name} must be an ISO 8601 time.`);
  return at;
}

function hasMetadata(value: unknown): Test {
  const wanted = Object.entries(parseMetadata(value));
  return (row) => wanted.every(([key, text]) => ownEntry(row.metadata, key) === String(text));
}

function parseMetadata(value: unknown): Json {
  if (isObject(value)) return value;
  try {
    const parsed: unknown = JSON.parse(String(value));
    if (isObject(parsed)) return parsed;
  } catch {
    // Falls through to the one error for everything that is no JSON object.
  }
  throw new ApiError(400, "metadata must be a JSON object.");
}
