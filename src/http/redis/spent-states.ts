/** Which confirmations of 2026-07-28 have been used, known to every instance: a yes counts once among all of them. */
import { createSpentStates, type SpentStates } from "../../mcp/modern/spent-states.ts";
import { RedisAway, type RedisLink } from "./link.ts";

/**
 * While Redis is away no answer counts, since another instance may have taken it. A mark that somebody removes there
 * still counts on the instance that made it, and one that somebody else puts there only costs a yes.
 */
export function createRedisSpentStates({ prefix, run }: Pick<RedisLink, "prefix" | "run">): SpentStates {
  const here = createSpentStates();
  return {
    async spend(digest, ttlMs) {
      try {
        const set = await run((client) => client.set(`${prefix}:spent:${digest}`, "", "PX", ttlMs, "NX"));
        return set === "OK" ? await here.spend(digest, ttlMs) : "spent";
      } catch (error) {
        if (error instanceof RedisAway) return "unknown";
        throw error;
      }
    },
  };
}
