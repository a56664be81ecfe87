/** The goal of each figure, by the figure's id. */
import { figureOf, ratioTo, type Figure } from "./figure.ts";

export interface Goal {
  readonly figure: string;
  /** The value to compare with the bound: the figure itself, or its ratio to another contender's. */
  readonly of: "ours" | "baseline" | "bare";
  readonly atMost?: number;
  readonly atLeast?: number;
}

export const GOALS: readonly Goal[] = [
  { figure: "catalogue.total", of: "ours", atMost: 20_000 },
  { figure: "catalogue.median", of: "ours", atMost: 90 },
  { figure: "catalogue.largest", of: "ours", atMost: 600 },
  { figure: "catalogue.discover", of: "ours", atMost: 1_000 },
  { figure: "start.list", of: "ours", atMost: 150 },
  { figure: "start.list", of: "baseline", atMost: 0.3 },
  { figure: "start.rss", of: "ours", atMost: 60 },
  { figure: "start.list.airs", of: "ours", atMost: 150 },
  { figure: "start.rss.airs", of: "ours", atMost: 60 },
  { figure: "http.list.stateless", of: "baseline", atLeast: 100 },
  { figure: "http.list.stateless", of: "bare", atLeast: 0.6 },
  { figure: "http.list.modern", of: "bare", atLeast: 0.6 },
  { figure: "http.call.stateless", of: "baseline", atLeast: 10 },
  { figure: "http.call.stateless", of: "bare", atLeast: 0.6 },
  { figure: "http.call.modern", of: "bare", atLeast: 0.6 },
  { figure: "sessions.rss", of: "ours", atMost: 20 },
  { figure: "sessions.share", of: "ours", atLeast: 0.9 },
  { figure: "scale.cpu.2", of: "bare", atMost: 1.15 },
  { figure: "scale.cpu.4", of: "bare", atMost: 1.15 },
  { figure: "regenerate.import", of: "ours", atMost: 5 },
  { figure: "regenerate.import.airs", of: "ours", atMost: 5 },
  { figure: "install.packed", of: "ours", atMost: 2 },
];

export interface Verdict {
  readonly goal: Goal;
  readonly value: number;
  readonly hit: boolean;
}

/** The goals of `figure` for which there are samples. */
export function judge(figure: Figure, goals: readonly Goal[] = GOALS): Verdict[] {
  return goals
    .filter((goal) => goal.figure === figure.id)
    .flatMap((goal) => {
      const value = goal.of === "ours" ? figureOf(figure, "ours") : ratioTo(figure, goal.of);
      if (value === undefined) return [];
      return [{ goal, value, hit: value <= (goal.atMost ?? Infinity) && value >= (goal.atLeast ?? -Infinity) }];
    });
}
