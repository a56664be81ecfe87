/**
 * Narrowing: the only way to make one policy from another. No input can make the result admit a tool that `policy`
 * refuses.
 */
import { splitExclusions } from "./globs.ts";
import type { Confirm, Narrowing, Policy } from "./policy.ts";

const STRICTNESS: Readonly<Record<Confirm, number>> = { never: 0, auto: 1, always: 2 };

/**
 * `policy`, restricted further. Returns `policy` itself where the narrowing restricts nothing, so that callers who
 * request no narrowing share one policy and its cached listing.
 */
export function narrowPolicy(policy: Policy, narrowing: Narrowing): Policy {
  const { allow, deny } = !isSet(narrowing.tools)
    ? { allow: null, deny: [] }
    : splitExclusions(unique(narrowing.tools));
  const confirm = stricter(policy.confirm, narrowing.confirm);
  const readOnly = policy.readOnly || narrowing.readOnly === true;
  const discover = policy.discover || narrowing.discover === true;
  const restricts =
    isSet(narrowing.domains) ||
    isSet(narrowing.writeDomains) ||
    isSet(narrowing.tools) ||
    isSet(narrowing.adminKeyFor) ||
    confirm !== policy.confirm ||
    readOnly !== policy.readOnly ||
    discover !== policy.discover;
  if (!restricts) return policy;

  const narrowed = {
    domains: intersect(policy.domains, narrowing.domains),
    writeDomains: intersect(policy.writeDomains ?? null, narrowing.writeDomains),
    allow,
    deny,
    readOnly,
    ...(narrowing.rights === true && { granted: isSet(narrowing.domains) ? new Set(narrowing.domains) : null }),
    ...(isSet(narrowing.adminKeyFor) && { adminKeyFor: narrowing.adminKeyFor }),
    confirm,
    discover,
    ...(narrowing.settings === undefined ? {} : { settings: narrowing.settings }),
    within: policy,
  };
  return Object.freeze({ ...narrowed, key: keyOf(narrowed) });
}

/** Derived from everything the policy says, its outer policies included (through their own keys). */
export function keyOf(policy: Omit<Policy, "key">): string {
  const content = [
    policy.domains && [...policy.domains].sort(),
    policy.writeDomains ? [...policy.writeDomains].sort() : null,
    policy.allow && [...policy.allow].sort(),
    [...policy.deny].sort(),
    policy.readOnly,
    policy.confirm,
    policy.discover,
    policy.settings ?? null,
    policy.adminKeyFor ?? null,
    policy.granted ? [...policy.granted].sort() : policy.granted,
  ];
  // The text itself: a hash of it would load node:crypto, which takes 4 ms of every start.
  const contentKey = JSON.stringify(content);
  return policy.within === undefined ? contentKey : `${policy.within.key}\n${contentKey}`;
}

function intersect(
  outer: ReadonlySet<string> | null,
  inner: readonly string[] | null | undefined,
): ReadonlySet<string> | null {
  if (!isSet(inner)) return outer;
  return new Set(outer === null ? inner : inner.filter((domain) => outer.has(domain)));
}

function stricter(outer: Confirm, inner: Confirm | undefined): Confirm {
  return inner !== undefined && STRICTNESS[inner] > STRICTNESS[outer] ? inner : outer;
}

/** Whether a restriction was given. */
export function isSet<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list)];
}
