/** Which confirmations of revision 2026-07-28 have been used, shared by all instances: each counts once. */
import { createSpentStates, type SpentStates } from "../../mcp/modern/spent-states.ts";
import { RedisAway, type RedisLink } from "./link.ts";

/**
 * While Redis is away, no confirmation counts, since another instance may have used it.
 * Marks in Redis are not authenticated. Where one is removed, the instance that set it still knows; a forged one only
 * makes a confirmation useless.
 */
export function createRedisSpentStates({ prefix, run }: Pick<RedisLink, "prefix" | "run">): SpentStates {
  const ownStates = createSpentStates();
  return {
    async spend(digest, ttlMs) {
      try {
        const set = await run((client) => client.set(`${prefix}:spent:${digest}`, "", "PX", ttlMs, "NX"));
        return set === "OK" ? await ownStates.spend(digest, ttlMs) : "spent";
      } catch (error) {
        if (error instanceof RedisAway) return "unknown";
        throw error;
      }
    },
  };
}
