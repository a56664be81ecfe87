/**
 * Sums, means and percentiles over rows of the log, for graphs and groups.
 */
import type { LogRow } from "./traffic.ts";

/** Rounds to six decimals, which removes the noise of binary sums. */
const roundSum = (value: number) => Math.round(value * 1e6) / 1e6;

export function sumFigure(rows: readonly LogRow[], figure: (row: LogRow) => number): number {
  return roundSum(rows.reduce((sum, row) => sum + figure(row), 0));
}

/** The mean; 0 without rows. */
export function meanFigure(rows: readonly LogRow[], figure: (row: LogRow) => number): number {
  return rows.length === 0 ? 0 : roundSum(sumFigure(rows, figure) / rows.length);
}

/** A share in per cent; 0 where the whole is 0. */
export function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 100;
}

/** The percentile by nearest rank: the value that `share` of the rows do not exceed. */
export function percentile(rows: readonly LogRow[], figure: (row: LogRow) => number, share: number): number {
  const sorted = rows.map(figure).sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

export function totalTokens(row: LogRow): number {
  return row.requestTokens + row.responseTokens;
}

export function isError(row: LogRow): boolean {
  return row.status >= 400;
}

export function isHit(row: LogRow): boolean {
  return row.cache !== "miss";
}

/** The weighted mean of the rows' feedback. */
export function weightedFeedback(rows: readonly LogRow[]): number {
  const feedback = rows.flatMap((row) => row.feedback);
  const weight = feedback.reduce((sum, entry) => sum + entry.weight, 0);
  return weight === 0 ? 0 : roundSum(feedback.reduce((sum, entry) => sum + entry.value * entry.weight, 0) / weight);
}

/** Rows grouped by a key, the largest group first; rows with an empty key are left out. */
export function groupRows(rows: readonly LogRow[], key: (row: LogRow) => string): [string, LogRow[]][] {
  const groups = new Map<string, LogRow[]>();
  for (const row of rows) {
    const name = key(row);
    if (name === "") continue;
    const group = groups.get(name);
    if (group) group.push(row);
    else groups.set(name, [row]);
  }
  return [...groups].sort(([nameA, a], [nameB, b]) => b.length - a.length || nameA.localeCompare(nameB));
}
