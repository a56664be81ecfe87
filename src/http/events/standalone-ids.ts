/**
 * The ids of a standalone stream's entries in Redis: `<milliseconds>-<n>`, chosen by the instance that writes. An
 * event's sequence number follows from its id: `milliseconds * 1000 + n`.
 */

/** Sequence numbers for each millisecond. */
const PER_MS = 1_000;
/** How far the clocks of two instances may differ. */
const CLOCKS_MS = 86_400_000;

/** The first id of a millisecond. */
export function idAt(ms: number): string {
  return `${ms}-0`;
}

/** The next id. */
export function idAfter(id: string): string {
  const n = nOf(id) + 1;
  return n < PER_MS ? `${msOf(id)}-${n}` : idAt(msOf(id) + 1);
}

/** Whether an instance may have chosen the id at about this time, in milliseconds. */
export function isNearTime(id: string, ms: number): boolean {
  return Math.abs(msOf(id) - ms) <= CLOCKS_MS;
}

/** The sequence number that an id stands for. */
export function seqOf(id: string): number {
  return msOf(id) * PER_MS + nOf(id);
}

/** The id that a sequence number stands for. */
export function idOfSeq(seq: number): string {
  return `${Math.floor(seq / PER_MS)}-${seq % PER_MS}`;
}

function msOf(id: string): number {
  return Number(id.slice(0, id.indexOf("-")));
}

function nOf(id: string): number {
  return Number(id.slice(id.indexOf("-") + 1));
}
