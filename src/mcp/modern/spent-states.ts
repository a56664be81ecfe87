/**
 * Which states of 2026-07-28 have had their answers used: a person's yes counts once, however often it is sent.
 * This one knows its own process; src/http/redis has the one that instances share.
 */

/** `unknown` where it cannot be told, which counts as a no. */
export type Spending = "fresh" | "spent" | "unknown";

export interface SpentStates {
  /** Marks the state of this digest as used, for as long as it would open; only the first use is `fresh`. */
  spend(digest: string, ttlMs: number): Promise<Spending>;
}

/** More than an hour's worth of answers from many people; beyond it no answer counts until older ones have expired. */
const MOST = 100_000;

export function createSpentStates(now: () => number = Date.now, most = MOST): SpentStates {
  /** In the order of their expiry, since all live equally long. */
  const expiries = new Map<string, number>();
  function dropExpired(time: number): void {
    for (const [digest, expires] of expiries) {
      if (expires > time) return;
      expiries.delete(digest);
    }
  }
  return {
    async spend(digest, ttlMs) {
      const time = now();
      dropExpired(time);
      if (expiries.has(digest)) return "spent";
      if (expiries.size >= most) return "unknown";
      expiries.set(digest, time + ttlMs);
      return "fresh";
    },
  };
}
