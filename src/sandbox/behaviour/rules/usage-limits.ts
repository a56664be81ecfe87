/**
 * Limits of a workspace, key or provider: one way to reset them, and when the next reset comes.
 */
import { isObject } from "../../../catalog/json.ts";
import { ApiError } from "../../http/api-error.ts";
import { objectOf, type Json } from "../../json.ts";
import type { Call } from "../call.ts";
import { conflictIn, endOfPeriod } from "./periods.ts";
import type { Rule } from "./rule.ts";

/** A 400 where a limit says its reset in two ways. `limits` is one limit, a list of them, or null to clear them. */
export function checkLimits(limits: unknown): void {
  for (const limit of Array.isArray(limits) ? limits : [limits]) {
    const conflict = conflictIn(objectOf(limit), [["periodic_reset", "periodic_reset_days"]]);
    if (conflict) throw new ApiError(400, `usage_limits: ${conflict}`);
  }
}

/** Limits with the time of their next reset, which follows from the period where it was not sent. */
export function completeLimits(now: number, limits: unknown): unknown {
  if (Array.isArray(limits)) return limits.map((limit) => completeLimits(now, limit));
  if (!isObject(limits)) return limits;
  const next = endOfPeriod(now, limits["periodic_reset"], limits["periodic_reset_days"]);
  return next === undefined ? limits : { next_usage_reset_at: next, ...limits };
}

/** The fields of limits as they are kept; a reset of the usage leaves its time. */
export function keptLimits(call: Call, body: Json): Json {
  const { now } = call.world;
  return {
    ...(body["usage_limits"] !== undefined && { usage_limits: completeLimits(now(), body["usage_limits"]) }),
    ...(body["reset_usage"] === true && { last_reset_at: call.world.timestamp(), status: "active" }),
  };
}

export const limitsRule: Rule = {
  check: (_call, body) => checkLimits(body["usage_limits"]),
  keep: keptLimits,
};
