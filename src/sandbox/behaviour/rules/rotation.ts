/**
 * Rotation of API keys: when it comes, and how long the old secret goes on working.
 */
import { isObject } from "../../../catalog/json.ts";
import { ApiError } from "../../http/api-error.ts";
import type { Json } from "../../json.ts";
import { conflictIn, endOfPeriod } from "./periods.ts";

/** Half an hour, in milliseconds. */
export const leastTransition = 1_800_000;

/** A 400 for a transition that is too short. */
export function checkTransition(period: unknown): void {
  if (typeof period === "number" && period < leastTransition)
    throw new ApiError(400, `key_transition_period_ms is at least ${leastTransition}.`);
}

export function checkRotation(policy: unknown): void {
  if (!isObject(policy)) return;
  checkTransition(policy["key_transition_period_ms"]);
  const conflict = conflictIn(policy, [
    ["rotation_period", "next_rotation_at"],
    ["rotation_period", "rotation_period_days"],
  ]);
  if (conflict) throw new ApiError(400, `rotation_policy: ${conflict}`);
}

/** A policy with the time of the next rotation; null for an empty one, which rotates nothing. */
export function completeRotation(now: number, policy: Json | null): Json | null {
  if (policy === null || Object.keys(policy).length === 0) return null;
  const next = endOfPeriod(now, policy["rotation_period"], policy["rotation_period_days"]);
  return next === undefined ? policy : { next_rotation_at: next, ...policy };
}
