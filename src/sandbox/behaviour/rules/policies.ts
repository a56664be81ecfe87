/**
 * Limits across keys: at least one condition, and one way to reset.
 */
import { ApiError } from "../../http/api-error.ts";
import { conflictIn, endOfPeriod } from "./periods.ts";
import type { Rule } from "./rule.ts";

export const policyRule: Rule = {
  check: (_call, body) => {
    if (Array.isArray(body["conditions"]) && body["conditions"].length === 0)
      throw new ApiError(400, "conditions must hold at least one condition.");
    const conflict = conflictIn(body, [["periodic_reset", "periodic_reset_days"]]);
    if (conflict) throw new ApiError(400, conflict);
  },
  keep: (call, body) => {
    if (body["next_usage_reset_at"] !== undefined) return {};
    const next = endOfPeriod(call.world.now(), body["periodic_reset"], body["periodic_reset_days"]);
    return next === undefined ? {} : { next_usage_reset_at: next };
  },
};
