/**
 * The rule for policies: at least one condition, and only one way to reset.
 */
import { ApiError } from "../../http/api-error.ts";
import { findConflict, computePeriodEnd } from "./periods.ts";
import type { Rule } from "./rule.ts";

export const policyRule: Rule = {
  check: (_call, body) => {
    if (Array.isArray(body["conditions"]) && body["conditions"].length === 0)
      throw new ApiError(400, "conditions must hold at least one condition.");
    const conflict = findConflict(body, [["periodic_reset", "periodic_reset_days"]]);
    if (conflict) throw new ApiError(400, conflict);
  },
  keep: (call, body) => {
    if (body["next_usage_reset_at"] !== undefined) return {};
    const next = computePeriodEnd(call.world.now(), body["periodic_reset"], body["periodic_reset_days"]);
    return next === undefined ? {} : { next_usage_reset_at: next };
  },
};
