/** Compares the costs of a group's members (models, users, keys) in two windows, the largest change first. */

/** One member's cost in one window, in US cents. */
export interface Share {
  readonly name: string;
  readonly cost: number;
  readonly requests?: number | undefined;
}

export interface CostRow {
  readonly name: string;
  readonly cost: number;
  readonly previous_cost: number;
  readonly change: number;
  readonly requests?: number;
  readonly previous_requests?: number;
}

/** Cents rounded to four decimals: precise enough for single calls, without noise of binary fractions. */
export function roundCents(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

/**
 * The `most` members with the largest change, and one row for the rest. Where the members' costs do not add up to the
 * totals (unnamed traffic, members that were not read), that row contains the difference.
 */
export function breakDownCosts(
  now: readonly Share[],
  before: readonly Share[],
  totals: { readonly now: number; readonly before: number },
  most: number,
): CostRow[] {
  const byName = (shares: readonly Share[]) => new Map(shares.map((share) => [share.name, share]));
  const current = byName(now);
  const previous = byName(before);
  const names = [...new Set([...current.keys(), ...previous.keys()])];
  const rows = names
    .map((name) => createRow(name, current.get(name), previous.get(name)))
    .filter(
      ({ cost, previous_cost, requests = 0, previous_requests = 0 }) =>
        cost + previous_cost + requests + previous_requests > 0,
    )
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || b.cost - a.cost || (a.name < b.name ? -1 : 1));
  const shown = rows.slice(0, most);
  const sum = (pick: (row: CostRow) => number) => shown.reduce((total, row) => total + pick(row), 0);
  const rest = { cost: totals.now - sum((row) => row.cost), before: totals.before - sum((row) => row.previous_cost) };
  // Portkey rounds each part, so a difference below one cent for each row is not shown.
  if (Math.abs(rest.cost) < Math.max(1, shown.length) && Math.abs(rest.before) < Math.max(1, shown.length))
    return shown;
  return [
    ...shown,
    {
      name: "(others)",
      cost: roundCents(rest.cost),
      previous_cost: roundCents(rest.before),
      change: roundCents(rest.cost - rest.before),
    },
  ];
}

function createRow(name: string, now: Share | undefined, before: Share | undefined): CostRow {
  const [cost, previous] = [now?.cost ?? 0, before?.cost ?? 0];
  const known = now?.requests !== undefined || before?.requests !== undefined;
  return {
    name: name === "" ? "(none)" : name,
    cost: roundCents(cost),
    previous_cost: roundCents(previous),
    change: roundCents(cost - previous),
    ...(known && { requests: now?.requests ?? 0, previous_requests: before?.requests ?? 0 }),
  };
}
