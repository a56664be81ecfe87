/**
 * Computes the end of a period that starts now.
 */
import { ownEntry, type Json } from "../../json.ts";

const day = 86_400_000;

const ends: Readonly<Record<string, (now: number) => number>> = {
  weekly: (now) => now + 7 * day,
  monthly: (now) => {
    const end = new Date(now);
    end.setUTCMonth(end.getUTCMonth() + 1);
    return end.getTime();
  },
};

/** The end of a period by name or in days, as an ISO time; undefined where neither is given. */
export function computePeriodEnd(now: number, name: unknown, days: unknown): string | undefined {
  if (typeof days === "number") return new Date(now + days * day).toISOString();
  const end = typeof name === "string" ? ownEntry(ends, name) : undefined;
  return end && new Date(end(now)).toISOString();
}

/** A sentence about the first pair of exclusive fields that are both given; undefined where there is none. */
export function findConflict(fields: Json, pairs: readonly (readonly [string, string])[]): string | undefined {
  const isGiven = (name: string) => fields[name] !== undefined && fields[name] !== null;
  const pair = pairs.find(([one, other]) => isGiven(one) && isGiven(other));
  return pair && `${pair[0]} and ${pair[1]} exclude each other.`;
}
