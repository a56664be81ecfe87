/** Which confirmations of 2026-07-28 have been used, known to every instance: a yes counts once among all of them. */
import type { SpentStates } from "../../mcp/modern/spent-states.ts";
import { RedisAway, type RedisLink } from "./link.ts";

/** While Redis is away no answer counts, since another instance may have taken it. */
export function createRedisSpentStates({ prefix, run }: Pick<RedisLink, "prefix" | "run">): SpentStates {
  return {
    async spend(digest, ttlMs) {
      try {
        const set = await run((client) => client.set(`${prefix}:spent:${digest}`, "", "PX", ttlMs, "NX"));
        return set === "OK" ? "fresh" : "spent";
      } catch (error) {
        if (error instanceof RedisAway) return "unknown";
        throw error;
      }
    },
  };
}
