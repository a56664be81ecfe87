/**
 * The analytics graphs: for each, its summary over all rows, and its points by time or by another dimension.
 */
import {
  groupRows,
  isError,
  isHit,
  meanFigure,
  percent,
  percentile,
  sumFigure,
  totalTokens,
  weightedFeedback,
} from "./figures.ts";
import type { Json } from "../json.ts";
import { computeCost } from "./models.ts";
import type { LogRow } from "./traffic.ts";

export interface Bucket {
  /** The start, in ISO 8601. */
  readonly timestamp: string;
  readonly rows: readonly LogRow[];
}

export interface Graph {
  readonly summary: (rows: readonly LogRow[]) => Json;
  readonly points: (buckets: readonly Bucket[], rows: readonly LogRow[]) => Json[];
}

type Fold = (rows: readonly LogRow[]) => Json;

/** One point for each bucket of time. */
const overTime = (fold: Fold) => (buckets: readonly Bucket[]) =>
  buckets.map(({ timestamp, rows }) => ({ timestamp, ...fold(rows) }));

/** A graph whose summary and points have the same figures. */
const createGraph = (fold: Fold): Graph => ({ summary: fold, points: overTime(fold) });

const latency = (row: LogRow) => row.latency;
const feedbacks = (rows: readonly LogRow[]) => rows.reduce((sum, row) => sum + row.feedback.length, 0);
const countUsers = (rows: readonly LogRow[]) => new Set(rows.map((row) => row.user)).size;
const perUser = (rows: readonly LogRow[]) => (rows.length === 0 ? 0 : rows.length / countUsers(rows));
const savedCost = (kind: LogRow["cache"]) => (row: LogRow) =>
  row.cache === kind ? computeCost(row.model, row.requestTokens, row.responseTokens) : 0;

function byStatus(rows: readonly LogRow[]): [number, number][] {
  return groupRows(rows.filter(isError), (row) => String(row.status)).map(([status, group]) => [
    Number(status),
    group.length,
  ]);
}

function savings(buckets: readonly Bucket[]): Json[] {
  let simple = 0;
  let semantic = 0;
  return buckets.map(({ timestamp, rows }) => {
    simple += sumFigure(rows, savedCost("hit"));
    semantic += sumFigure(rows, savedCost("semantic hit"));
    return {
      timestamp,
      simple_hits: rows.filter((row) => row.cache === "hit").length,
      semantic_hits: rows.filter((row) => row.cache === "semantic hit").length,
      rate: percent(rows.filter(isHit).length, rows.length),
      cumulative_simple_cache_savings: simple,
      cumulative_semantic_cache_savings: semantic,
    };
  });
}

export const graphs: Readonly<Record<string, Graph>> = {
  requests: createGraph((rows) => ({ total: rows.length })),
  "requests/rescued": {
    summary: (rows) => ({
      retry: rows.filter((row) => row.retries > 0).length,
      fallback: rows.filter((row) => row.fellBack).length,
    }),
    points: overTime((rows) => ({
      retry: groupRows(
        rows.filter((row) => row.retries > 0),
        (row) => String(row.retries),
      ).map(([tries, group]) => ({ retry_success_count: Number(tries), count: group.length })),
      fallback: rows.filter((row) => row.fellBack).length,
    })),
  },
  cost: createGraph((rows) => ({
    total: sumFigure(rows, (row) => row.cost),
    avg: meanFigure(rows, (row) => row.cost),
  })),
  latency: createGraph((rows) => ({
    avg: meanFigure(rows, latency),
    p50: percentile(rows, latency, 0.5),
    p90: percentile(rows, latency, 0.9),
    p99: percentile(rows, latency, 0.99),
  })),
  tokens: createGraph((rows) => ({ total: sumFigure(rows, totalTokens), avg: meanFigure(rows, totalTokens) })),
  users: createGraph((rows) => ({ total: countUsers(rows) })),
  "users/requests": {
    summary: (rows) => ({ total: rows.length, unique: countUsers(rows), avg: perUser(rows) }),
    points: overTime((rows) => ({ avg: perUser(rows) })),
  },
  errors: createGraph((rows) => ({ total: rows.filter(isError).length })),
  "errors/rate": createGraph((rows) => ({ rate: percent(rows.filter(isError).length, rows.length) })),
  "errors/stacks": {
    summary: (rows) => ({ total: rows.filter(isError).length }),
    points: overTime((rows) => ({
      stats: byStatus(rows).map(([response_status_code, count]) => ({ response_status_code, count })),
    })),
  },
  "errors/status-codes": {
    summary: (rows) => ({ total_errors: rows.filter(isError).length, unique_error_codes: byStatus(rows).length }),
    points: (_buckets, rows) => byStatus(rows).map(([status_code, count]) => ({ status_code, count })),
  },
  "cache/hit-rate": {
    summary: (rows) => ({ total: rows.filter(isHit).length, rate: percent(rows.filter(isHit).length, rows.length) }),
    points: savings,
  },
  "cache/latency": {
    summary: () => ({}),
    points: overTime((rows) => ({ avg: meanFigure(rows.filter(isHit), latency) })),
  },
  feedbacks: createGraph((rows) => ({ total: feedbacks(rows) })),
  "feedbacks/scores": {
    summary: (rows) => ({ total: feedbacks(rows) }),
    points: (_buckets, rows) => {
      const values = rows.flatMap((row) => row.feedback.map((entry) => entry.value));
      return [...new Set(values)]
        .sort((a, b) => a - b)
        .map((score) => ({ score, total: values.filter((value) => value === score).length }));
    },
  },
  "feedbacks/weighted": createGraph((rows) => ({ avg: weightedFeedback(rows) })),
  "feedbacks/ai-models": {
    summary: () => ({}),
    points: (_buckets, rows) =>
      groupRows(
        rows.filter((row) => row.feedback.length > 0),
        (row) => row.model,
      ).map(([ai_model, group]) => ({
        ai_model,
        total: feedbacks(group),
        avg_weighted_feedback: weightedFeedback(group),
      })),
  },
};

/** The figures of `GET /analytics/summary/cache`. The speed-up is the latency of misses divided by that of hits. */
export function cacheSummary(rows: readonly LogRow[]): Json {
  const hits = rows.filter(isHit);
  const hitLatency = meanFigure(hits, latency);
  return {
    hits: hits.length,
    avg_latency: hitLatency,
    total_requests: rows.length,
    cache_speedup:
      hitLatency === 0
        ? 0
        : meanFigure(
            rows.filter((row) => !isHit(row)),
            latency,
          ) / hitLatency,
  };
}
