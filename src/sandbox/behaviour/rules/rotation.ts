/**
 * Rotation of API keys: the time of the next one, and the transition period of the old secret.
 */
import { isObject } from "../../../catalog/json.ts";
import { ApiError } from "../../http/api-error.ts";
import type { Json } from "../../json.ts";
import { findConflict, computePeriodEnd } from "./periods.ts";

/** Half an hour, in milliseconds. */
export const leastTransition = 1_800_000;

/** Throws 400 for a transition period that is too short. */
export function checkTransition(period: unknown): void {
  if (typeof period === "number" && period < leastTransition)
    throw new ApiError(400, `key_transition_period_ms is at least ${leastTransition}.`);
}

export function checkRotation(policy: unknown): void {
  if (!isObject(policy)) return;
  checkTransition(policy["key_transition_period_ms"]);
  const conflict = findConflict(policy, [
    ["rotation_period", "next_rotation_at"],
    ["rotation_period", "rotation_period_days"],
  ]);
  if (conflict) throw new ApiError(400, `rotation_policy: ${conflict}`);
}

/** A policy with the time of the next rotation; null for an empty one, which disables rotation. */
export function completeRotation(now: number, policy: Json | null): Json | null {
  if (policy === null || Object.keys(policy).length === 0) return null;
  const next = computePeriodEnd(now, policy["rotation_period"], policy["rotation_period_days"]);
  return next === undefined ? policy : { next_rotation_at: next, ...policy };
}
