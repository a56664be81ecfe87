/** Figures as a Markdown table with their verdicts, and how each was taken below it. */
import { figureOf, ratioTo, type Figure, type Unit } from "./figure.ts";
import { judge, type Goal } from "./goals.ts";

export interface Surroundings {
  readonly node: string;
  readonly cores: number;
  readonly cpu: string;
  /** Load averages of one minute, at the start and at the end. */
  readonly load: readonly [number, number];
  readonly quick: boolean;
}

const HEAD = ["figure", "unit", "ours", "baseline", "ours / baseline", "bare Fastify", "ours / bare", "goal", ""];

export function markdown(figures: readonly Figure[], around: Surroundings): string {
  const rows = figures.map(rowOf);
  const lines = [HEAD, HEAD.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return [aboutRun(around), "", ...lines, "", "How each figure is taken", "", ...howLines(figures), ""].join("\n");
}

function aboutRun({ node, cores, cpu, load, quick }: Surroundings): string {
  const [before, after] = load.map((value) => value.toFixed(1));
  return [
    `Node ${node}, ${cores} cores (${cpu}), load average ${before} at the start and ${after} at the end.`,
    "Contenders take turns on the same machine; figures are medians, ratios are medians over pairs.",
    ...(quick ? ["A quick run: few and short repetitions."] : []),
  ].join(" ");
}

/** Figures that are taken alike share a line. */
function howLines(figures: readonly Figure[]): string[] {
  const names = new Map<string, string[]>();
  for (const { how, name } of figures) names.set(how, [...(names.get(how) ?? []), name]);
  return [...names].map(([how, shared]) => `- ${shared.join("; ")}: ${how}`);
}

function rowOf(figure: Figure): string[] {
  const verdicts = judge(figure);
  const shown = (who: "ours" | "baseline" | "bare") => show(figureOf(figure, who), figure.unit);
  return [
    figure.name,
    figure.unit,
    shown("ours"),
    shown("baseline"),
    showRatio(ratioTo(figure, "baseline")),
    shown("bare"),
    showRatio(ratioTo(figure, "bare")),
    verdicts.map(({ goal }) => goalText(goal)).join("; "),
    verdicts.map(({ hit }) => (hit ? "hit" : "missed")).join("; "),
  ];
}

const THEIRS = { baseline: "the baseline's", bare: "bare Fastify's" } as const;

export function goalText({ of, atMost, atLeast }: Goal): string {
  const bound = atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost.toLocaleString("en")}`;
  return of === "ours" ? bound : `${bound} × ${THEIRS[of]}`;
}

/** Whole numbers from 100 on; three digits below. */
export function show(value: number | undefined, unit: Unit): string {
  if (value === undefined) return "";
  if (Number.isInteger(value) || value >= 100) return Math.round(value).toLocaleString("en");
  return unit === "count" ? value.toFixed(2) : value.toPrecision(3);
}

function showRatio(ratio: number | undefined): string {
  if (ratio === undefined) return "";
  return ratio >= 100 ? Math.round(ratio).toLocaleString("en") : ratio.toPrecision(2);
}
