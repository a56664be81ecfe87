/**
 * When a period that starts now ends.
 */
import { entryOf, type Json } from "../../json.ts";

const day = 86_400_000;

const ends: Readonly<Record<string, (now: number) => number>> = {
  weekly: (now) => now + 7 * day,
  monthly: (now) => {
    const end = new Date(now);
    end.setUTCMonth(end.getUTCMonth() + 1);
    return end.getTime();
  },
};

/** The end as an ISO time, of a period by name or in days; undefined where there is none. */
export function endOfPeriod(now: number, name: unknown, days: unknown): string | undefined {
  if (typeof days === "number") return new Date(now + days * day).toISOString();
  const end = typeof name === "string" ? entryOf(ends, name) : undefined;
  return end && new Date(end(now)).toISOString();
}

/** The first two of these fields that are both given; they exclude each other. */
export function conflictIn(fields: Json, pairs: readonly (readonly [string, string])[]): string | undefined {
  const given = (name: string) => fields[name] !== undefined && fields[name] !== null;
  const pair = pairs.find(([one, other]) => given(one) && given(other));
  return pair && `${pair[0]} and ${pair[1]} exclude each other.`;
}
