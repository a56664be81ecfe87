/** What each of a group's members cost in two windows, the largest change first. */

/** One member in one window. Costs in US cents. */
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

/** Cents to four digits after the point: enough for single calls, and no noise of binary fractions. */
export function cents(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

/**
 * The `most` members that changed most, the rest as one row. Where the members' costs do not add up to the totals, the
 * difference (unnamed traffic, members that were not read) is in that row as well.
 */
export function breakdown(
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
    .map((name) => rowOf(name, current.get(name), previous.get(name)))
    .filter(
      ({ cost, previous_cost, requests = 0, previous_requests = 0 }) =>
        cost + previous_cost + requests + previous_requests > 0,
    )
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || b.cost - a.cost || (a.name < b.name ? -1 : 1));
  const shown = rows.slice(0, most);
  const sum = (pick: (row: CostRow) => number) => shown.reduce((total, row) => total + pick(row), 0);
  const rest = { cost: totals.now - sum((row) => row.cost), before: totals.before - sum((row) => row.previous_cost) };
  // Portkey rounds the parts: a difference of less than a cent for each is no row of its own.
  if (Math.abs(rest.cost) < Math.max(1, shown.length) && Math.abs(rest.before) < Math.max(1, shown.length))
    return shown;
  return [
    ...shown,
    {
      name: "(others)",
      cost: cents(rest.cost),
      previous_cost: cents(rest.before),
      change: cents(rest.cost - rest.before),
    },
  ];
}

function rowOf(name: string, now: Share | undefined, before: Share | undefined): CostRow {
  const [cost, previous] = [now?.cost ?? 0, before?.cost ?? 0];
  const known = now?.requests !== undefined || before?.requests !== undefined;
  return {
    name: name === "" ? "(none)" : name,
    cost: cents(cost),
    previous_cost: cents(previous),
    change: cents(cost - previous),
    ...(known && { requests: now?.requests ?? 0, previous_requests: before?.requests ?? 0 }),
  };
}
