/**
 * Reports a run in Markdown: success with its confidence interval, calls, failed calls, tokens per solved task.
 */
import type { TaskRun } from "./run-task.ts";

export interface Contestant {
  /** What the server is called in the report. */
  readonly name: string;
  readonly runs: readonly TaskRun[];
}

/** The 95 % confidence interval of a share (Wilson), in shares of 1. */
export function wilson(successes: number, of: number): readonly [low: number, high: number] {
  if (of === 0) return [0, 1];
  const z = 1.96;
  const share = successes / of;
  const centre = share + (z * z) / (2 * of);
  const spread = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  const scale = 1 + (z * z) / of;
  return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)];
}

export function reportOf(contestants: readonly Contestant[]): string {
  const head = ["| server | done | 95 % | calls | failed calls | tokens a done task |", "|---|---|---|---|---|---|"];
  return [...head, ...contestants.map(rowOf), "", ...contestants.flatMap(missesOf)].join("\n");
}

function rowOf({ name, runs }: Contestant): string {
  const done = runs.filter(({ failed }) => failed.length === 0);
  const [low, high] = wilson(done.length, runs.length);
  const calls = runs.flatMap((run) => run.calls);
  const tokens = done.reduce((sum, run) => sum + run.tokens, 0);
  const cells = [
    name,
    `${done.length} of ${runs.length}`,
    `${percent(low)} to ${percent(high)}`,
    calls.length,
    calls.filter(({ failed }) => failed).length,
    done.length === 0 ? "–" : Math.round(tokens / done.length).toLocaleString("en"),
  ];
  return `| ${cells.join(" | ")} |`;
}

function missesOf({ name, runs }: Contestant): string[] {
  const misses = runs.filter(({ failed }) => failed.length > 0);
  if (misses.length === 0) return [];
  return [`Not done by ${name}:`, "", ...misses.map(({ task, failed }) => `- ${task}: ${failed.join("; ")}`), ""];
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
