/**
 * The filters that analytics and exports share: one test per parameter over one row of the log.
 */
import { readTime } from "../../catalog/times.ts";
import { isObject } from "../../catalog/json.ts";
import { ApiError } from "../http/api-error.ts";
import { entryOf, type Json } from "../json.ts";
import type { LogRow } from "../traffic/traffic.ts";

type Test = (row: LogRow) => boolean;

const feedbackOf = (row: LogRow) => row.feedback.reduce((sum, { value, weight }) => sum + value * weight, 0);

/** Figures that can be bounded, by the parameter's name without `_min` and `_max`. */
const figures: Readonly<Record<string, (row: LogRow) => number>> = {
  completion_token: (row) => row.responseTokens,
  cost: (row) => row.cost,
  prompt_token: (row) => row.requestTokens,
  total_units: (row) => row.requestTokens + row.responseTokens,
  weighted_feedback: feedbackOf,
};

/** Names that can be listed, separated by commas. */
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

/** A test that takes what all the parameters given ask for; 400 for a time or number that is none. */
export function rowFilter(parameters: Json): Test {
  const tests = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : testFor(name, value),
  );
  return (row) => tests.every((test) => test(row));
}

function testFor(name: string, value: unknown): Test[] {
  if (name === "time_of_generation_min") return [atLeast((row) => row.at, timeOf(name, value))];
  if (name === "time_of_generation_max") return [atMost((row) => row.at, timeOf(name, value))];
  if (name === "metadata") return [hasMetadata(value)];
  const named = entryOf(names, name);
  if (named) {
    const wanted = new Set(
      String(value)
        .split(",")
        .map((each) => each.trim()),
    );
    return [(row) => wanted.has(named(row))];
  }
  const figure = entryOf(figures, name.replace(/_(min|max)$/, ""));
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
export function timeOf(name: string, value: unknown): number {
  const at = readTime(String(value));
  if (at === undefined) throw new ApiError(400, `${name} must be an ISO 8601 time.`);
  return at;
}

function hasMetadata(value: unknown): Test {
  const wanted = Object.entries(metadataOf(value));
  return (row) => wanted.every(([key, text]) => entryOf(row.metadata, key) === String(text));
}

function metadataOf(value: unknown): Json {
  if (isObject(value)) return value;
  try {
    const parsed: unknown = JSON.parse(String(value));
    if (isObject(parsed)) return parsed;
  } catch {
    // Falls through to the one error for everything that is no JSON object.
  }
  throw new ApiError(400, "metadata must be a JSON object.");
}
