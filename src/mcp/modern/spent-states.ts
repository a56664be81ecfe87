/**
 * Which states of revision 2026-07-28 have been used: a person's consent counts once, however often it is sent.
 * This one knows only its own process; src/http/redis has one that instances share.
 */

/** `unknown` where it cannot be found out; the consent then does not count. */
export type Spending = "fresh" | "spent" | "unknown";

export interface SpentStates {
  /** Marks a state as used, by its digest, for as long as it is valid. Only the first call resolves with `fresh`. */
  spend(digest: string, ttlMs: number): Promise<Spending>;
}

/** How many states are remembered. While there are as many, no consent counts until older ones have expired. */
const MAX_STATES = 100_000;

export function createSpentStates(now: () => number = Date.now, maxStates = MAX_STATES): SpentStates {
  /** In the order of expiry, since all are valid equally long. */
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
      if (expiries.size >= maxStates) return "unknown";
      expiries.set(digest, time + ttlMs);
      return "fresh";
    },
  };
}
