/**
 * The one place that says whether a policy admits a tool. Listing, calling, searching and composites all ask here.
 */
import type { Policy, PolicySubject, Verdict } from "./policy.ts";
import { SERVER_SETTINGS } from "./policy.ts";
import { RESTRICTIONS } from "./policy/restrictions.ts";

const RULES = RESTRICTIONS.flatMap(({ refusals = [] }) => refusals);

/**
 * Whether `policy`, and every policy it lies within, admits the tool; a refusal names the outermost setting that makes
 * it.
 */
export function decide(policy: Policy, record: PolicySubject): Verdict {
  const chain = chainOf(policy);
  for (const rule of RULES) {
    for (const link of chain) {
      const refusal = rule(link, record, link.settings ?? SERVER_SETTINGS);
      if (refusal !== undefined) return { allowed: false, ...refusal };
    }
  }
  return { allowed: true };
}

/**
 * Whether `policy` admits a tool that a composite calls, the composite itself being admitted. A list of names says what
 * a caller sees: one that names promote_prompt means the whole of it, and so does a request's choice of domains for
 * what it reads. Read-only, exclusions and rights (the server's domains, a rule's, a token's) hold for each request: no
 * caller reads a domain through a composite of another.
 */
export function decideInside(policy: Policy, record: PolicySubject): Verdict {
  return decide(insideOf(policy, record.risk === "read"), record);
}

function insideOf({ within, ...policy }: Policy, reads: boolean): Policy {
  return {
    ...policy,
    allow: null,
    domains: reads ? (policy.granted ?? null) : policy.domains,
    ...(within !== undefined && { within: insideOf(within, reads) }),
  };
}

function chainOf(policy: Policy): Policy[] {
  const chain = [policy];
  for (let outer = policy.within; outer !== undefined; outer = outer.within) chain.unshift(outer);
  return chain;
}
