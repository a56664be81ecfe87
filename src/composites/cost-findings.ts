/** Says in sentences what changed between two windows: more traffic or dearer traffic, and whose. */
import type { CostRow } from "./cost-breakdown.ts";

export interface Totals {
  /** US cents. */
  readonly cost: number;
  readonly requests: number;
  readonly tokens: number;
  /** The dearest stretch of the window, as finely as the analytics cut it. */
  readonly peak?: { readonly at: string; readonly cost: number };
}

/** A member's part of the change below this is not worth a sentence. */
const smallestShare = 0.2;

export function costFindings(
  now: Totals,
  before: Totals,
  tables: Readonly<Record<string, readonly CostRow[]>>,
): string[] {
  const change = now.cost - before.cost;
  if (now.cost === 0 && before.cost === 0) return ["Nothing was spent in either window."];
  const findings = [`Cost ${changeText(before.cost, now.cost)} from ${amount(before.cost)} to ${amount(now.cost)}.`];
  if (before.requests > 0 && now.requests > 0) {
    const perRequest = [before.cost / before.requests, now.cost / now.requests] as const;
    const perThousand = (totals: Totals) => (totals.tokens > 0 ? (totals.cost / totals.tokens) * 1000 : 0);
    findings.push(
      `Requests ${changeText(before.requests, now.requests)}, cost per request ${changeText(...perRequest)}, tokens per request ${changeText(before.tokens / before.requests, now.tokens / now.requests)}, cost per 1,000 tokens ${changeText(perThousand(before), perThousand(now))}.`,
    );
  }
  for (const [name, rows] of Object.entries(tables)) findings.push(...explainingRows(name, rows, change));
  if (now.peak !== undefined)
    findings.push(`The dearest stretch began at ${now.peak.at} and cost ${amount(now.peak.cost)}.`);
  return findings;
}

/** The members that moved the way the total did, as far as they explain it. */
function explainingRows(table: string, rows: readonly CostRow[], change: number): string[] {
  const what = table.replace(/^by_/, "").replaceAll("_", " ");
  return rows
    .filter((row) => change !== 0 && row.name !== "(others)" && row.change / change >= smallestShare)
    .slice(0, 2)
    .map((row) => {
      const fresh = row.previous_cost === 0 ? ", new in this window" : row.cost === 0 ? ", gone in this window" : "";
      return `By ${what}: ${row.name} accounts for ${signed(row.change)} of ${signed(change)} (${Math.round((row.change / change) * 100)} %)${fresh}.`;
    });
}

function changeText(before: number, now: number): string {
  if (before === now) return "stayed the same";
  const word = now > before ? "rose" : "fell";
  return before === 0
    ? `${word} from nothing`
    : `${word} by ${Math.abs(Math.round(((now - before) / before) * 1000) / 10)} %`;
}

function amount(cents: number): string {
  return `${Math.round(cents * 100) / 100} cents`;
}

function signed(cents: number): string {
  return `${cents > 0 ? "+" : ""}${amount(cents)}`;
}
