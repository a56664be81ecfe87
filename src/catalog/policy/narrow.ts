/**
 * Narrowing: the only way to make one policy from another. No input can make the result admit a tool that `policy`
 * refuses.
 */
import type { Narrowing, Policy } from "../policy.ts";
import { RESTRICTIONS } from "./restrictions.ts";

/** The members of a policy without restrictions. */
export const OPEN_POLICY = {
  domains: null,
  allow: null,
  deny: [],
  readOnly: false,
  confirm: "auto",
  discover: false,
} as const satisfies Omit<Policy, "key">;

/**
 * A policy within `policy`, restricted further. Returns `policy` itself where the narrowing restricts nothing, so that
 * callers who request no narrowing share one policy and its cached listing.
 */
export function narrowPolicy(policy: Policy, narrowing: Narrowing): Policy {
  if (!RESTRICTIONS.some((restriction) => restriction.restricts(policy, narrowing))) return policy;
  const { settings } = narrowing;
  let narrowed: Omit<Policy, "key"> = { ...OPEN_POLICY, ...(settings && { settings }), within: policy };
  for (const restriction of RESTRICTIONS) narrowed = { ...narrowed, ...restriction.narrow(policy, narrowing) };
  return Object.freeze({ ...narrowed, key: policyKey(narrowed) });
}

/** The policy's cache key: all of its content as text, and the keys of its outer policies. */
export function policyKey(policy: Omit<Policy, "key">): string {
  const content = [policy.settings ?? null, ...RESTRICTIONS.map((restriction) => restriction.key(policy))];
  // Not hashed: that would load node:crypto, which takes 4 ms of every start.
  const contentKey = JSON.stringify(content);
  return policy.within === undefined ? contentKey : `${policy.within.key}\n${contentKey}`;
}
