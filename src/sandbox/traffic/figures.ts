/**
 * Sums and averages over rows of the log, for graphs and groups alike.
 */
import type { LogRow } from "./traffic.ts";

/** Six digits after the point, which leaves out the noise of binary sums. */
const exact = (value: number) => Math.round(value * 1e6) / 1e6;

export function sumOf(rows: readonly LogRow[], figure: (row: LogRow) => number): number {
  return exact(rows.reduce((sum, row) => sum + figure(row), 0));
}

/** The mean, 0 where there is nothing to average. */
export function meanOf(rows: readonly LogRow[], figure: (row: LogRow) => number): number {
  return rows.length === 0 ? 0 : exact(sumOf(rows, figure) / rows.length);
}

/** A share in per cent, 0 of nothing. */
export function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 100;
}

/** The value that `share` of the rows do not exceed (nearest rank). */
export function percentile(rows: readonly LogRow[], figure: (row: LogRow) => number, share: number): number {
  const sorted = rows.map(figure).sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

export function tokensOf(row: LogRow): number {
  return row.requestTokens + row.responseTokens;
}

export function isError(row: LogRow): boolean {
  return row.status >= 400;
}

export function isHit(row: LogRow): boolean {
  return row.cache !== "miss";
}

/** Every piece of feedback on the rows, weighted. */
export function weightedFeedback(rows: readonly LogRow[]): number {
  const feedback = rows.flatMap((row) => row.feedback);
  const weight = feedback.reduce((sum, each) => sum + each.weight, 0);
  return weight === 0 ? 0 : exact(feedback.reduce((sum, each) => sum + each.value * each.weight, 0) / weight);
}

/** Rows by what they have in common, most rows first; rows without it are left out. */
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
