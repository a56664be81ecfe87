/**
 * Usage limits of a workspace, key or provider: only one way to reset, and the time of the next reset.
 */
import { isObject } from "../../../catalog/json.ts";
import { ApiError } from "../../http/api-error.ts";
import { asObject, type Json } from "../../json.ts";
import type { Call } from "../call.ts";
import { findConflict, computePeriodEnd } from "./periods.ts";
import type { Rule } from "./rule.ts";

/** Throws 400 where a limit has two ways to reset. `limits` is one limit, a list, or null, which clears them. */
export function checkLimits(limits: unknown): void {
  for (const limit of Array.isArray(limits) ? limits : [limits]) {
    const conflict = findConflict(asObject(limit), [["periodic_reset", "periodic_reset_days"]]);
    if (conflict) throw new ApiError(400, `usage_limits: ${conflict}`);
  }
}

/** Limits with the time of their next reset, computed from the period where it was not sent. */
export function completeLimits(now: number, limits: unknown): unknown {
  if (Array.isArray(limits)) return limits.map((limit) => completeLimits(now, limit));
  if (!isObject(limits)) return limits;
  const next = computePeriodEnd(now, limits["periodic_reset"], limits["periodic_reset_days"]);
  return next === undefined ? limits : { next_usage_reset_at: next, ...limits };
}

/** The stored fields of limits; a reset of the usage stores its time. */
export function storedLimits(call: Call, body: Json): Json {
  const { now } = call.world;
  return {
    ...(body["usage_limits"] !== undefined && { usage_limits: completeLimits(now(), body["usage_limits"]) }),
    ...(body["reset_usage"] === true && { last_reset_at: call.world.timestamp(), status: "active" }),
  };
}

export const limitsRule: Rule = {
  check: (_call, body) => checkLimits(body["usage_limits"]),
  keep: storedLimits,
};
