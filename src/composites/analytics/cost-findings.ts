/** Describes the change of cost between two windows in sentences: more traffic or costlier traffic, and whose. */
import { BOUNDS } from "../../errors/bounds.ts";
import { oneLine, wordOrQuoted } from "../../errors/foreign-text.ts";
import type { CostRow } from "./cost-breakdown.ts";
import type { PeakDay } from "./peak-day.ts";

export interface Totals {
  /** US cents. */
  readonly cost: number;
  readonly requests: number;
  readonly tokens: number;
  /** The day that cost most. */
  readonly peak?: PeakDay;
}

/** A member gets a sentence where it explains at least this share of the change. */
const smallestShare = 0.2;

export function costFindings(
  now: Totals,
  before: Totals,
  tables: Readonly<Record<string, readonly CostRow[]>>,
): string[] {
  const change = now.cost - before.cost;
  if (now.cost === 0 && before.cost === 0) return ["Nothing was spent in either window."];
  const findings = [
    `Cost ${changeText(before.cost, now.cost)} from ${formatCents(before.cost)} to ${formatCents(now.cost)}.`,
  ];
  if (before.requests > 0 && now.requests > 0) {
    const changeOf = (figure: (totals: Totals) => number) => changeText(figure(before), figure(now));
    const parts = [
      `Requests ${changeOf(({ requests }) => requests)}`,
      `cost per request ${changeOf(({ cost, requests }) => cost / requests)}`,
      `tokens per request ${changeOf(({ tokens, requests }) => tokens / requests)}`,
      `cost per 1,000 tokens ${changeOf(({ cost, tokens }) => (tokens > 0 ? (cost / tokens) * 1000 : 0))}`,
    ];
    findings.push(`${parts.join(", ")}.`);
  }
  for (const [name, rows] of Object.entries(tables)) {
    for (const finding of explainRows(name, rows, change)) findings.push(finding);
  }
  if (now.peak !== undefined) findings.push(peakText(now.peak));
  return findings;
}

function peakText({ at, cost, normal_day: normal, made_by: makers = {} }: PeakDay): string {
  const against = normal === undefined ? "" : `, against ${formatCents(normal)} on the other days`;
  const by = Object.entries(makers).map(
    ([what, maker]) =>
      `${what.replace("_", " ")} ${wordOrQuoted(maker.name, BOUNDS.echo)} ${formatCents(maker.cost)} ` +
      `against ${formatCents(maker.normal_day)}`,
  );
  const made = by.length === 0 ? "" : ` Most of it above their own normal day: ${by.join("; ")}.`;
  return `The dearest day was ${at.slice(0, 10)} and cost ${formatCents(cost)}${against}.${made}`;
}

/** Sentences about the members that changed in the same direction as the total, and enough to explain it. */
function explainRows(table: string, rows: readonly CostRow[], change: number): string[] {
  const what = oneLine(table.replace(/^by_/, "").replaceAll("_", " "), BOUNDS.echo);
  return rows
    .filter((row) => change !== 0 && row.name !== "(others)" && row.change / change >= smallestShare)
    .slice(0, 2)
    .map((row) => {
      const percent = Math.round((row.change / change) * 100);
      const part = `${formatSigned(row.change)} of ${formatSigned(change)} (${percent} %)`;
      return `By ${what}: ${wordOrQuoted(row.name, BOUNDS.echo)} accounts for ${part}${appearance(row)}.`;
    });
}

/** Says where a member is in one of the two windows only. */
function appearance({ cost, previous_cost }: CostRow): string {
  if (previous_cost === 0) return ", new in this window";
  return cost === 0 ? ", gone in this window" : "";
}

function changeText(before: number, now: number): string {
  if (before === now) return "stayed the same";
  const word = now > before ? "rose" : "fell";
  return before === 0
    ? `${word} from nothing`
    : `${word} by ${Math.abs(Math.round(((now - before) / before) * 1000) / 10)} %`;
}

function formatCents(cents: number): string {
  return `${Math.round(cents * 100) / 100} cents`;
}

function formatSigned(cents: number): string {
  return `${cents > 0 ? "+" : ""}${formatCents(cents)}`;
}
