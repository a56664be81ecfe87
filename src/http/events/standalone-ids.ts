/**
 * The ids of a standalone stream's entries in Redis: `<milliseconds>-<n>`, chosen by whoever writes. The events'
 * numbers are made from them.
 */

/** Events per millisecond that the numbers can tell apart. */
const PER_MS = 1_000;
/** How far the clocks of two instances may differ. */
const CLOCKS_MS = 86_400_000;

/** The first id of a time. */
export function idAt(ms: number): string {
  return `${ms}-0`;
}

export function idAfter(id: string): string {
  const n = nOf(id) + 1;
  return n < PER_MS ? `${msOf(id)}-${n}` : idAt(msOf(id) + 1);
}

/** Whether an instance can have chosen the id at about this time. */
export function isOfTime(id: string, ms: number): boolean {
  return Math.abs(msOf(id) - ms) <= CLOCKS_MS;
}

export function numberOf(id: string): number {
  return msOf(id) * PER_MS + nOf(id);
}

export function idOf(number: number): string {
  return `${Math.floor(number / PER_MS)}-${number % PER_MS}`;
}

function msOf(id: string): number {
  return Number(id.slice(0, id.indexOf("-")));
}

function nOf(id: string): number {
  return Number(id.slice(id.indexOf("-") + 1));
}
