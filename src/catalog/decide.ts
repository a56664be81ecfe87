/** The one place that decides whether a policy admits a tool; for listing, calling, searching and composites alike. */
import type { Policy, PolicySubject, Verdict } from "./policy.ts";
import { SERVER_SETTINGS } from "./policy.ts";
import { RESTRICTIONS } from "./policy/restrictions.ts";

const RULES = RESTRICTIONS.flatMap(({ refusals = [] }) => refusals);

/**
 * Whether `policy`, and every policy it lies within, admits the tool.
 * A refusal names the outermost setting that refuses.
 */
export function decide(policy: Policy, record: PolicySubject): Verdict {
  const chain = policyChain(policy);
  for (const rule of RULES) {
    for (const link of chain) {
      const refusal = rule(link, record, link.settings ?? SERVER_SETTINGS);
      if (refusal !== undefined) return { allowed: false, ...refusal };
    }
  }
  return { allowed: true };
}

/**
 * Whether `policy` admits a tool that an admitted composite calls.
 *
 * A list of tools does not apply inside: where it names promote_prompt, that includes all of its calls.
 * Nor do the domains that a request chose, as far as the composite only reads.
 * Read-only, exclusions and rights (the domains of the server, a rule or a token) apply to each call, so that no caller
 * reads a domain through a composite of another one.
 */
export function decideInside(policy: Policy, record: PolicySubject): Verdict {
  return decide(policyInside(policy, record.risk === "read"), record);
}

function policyInside({ within, ...policy }: Policy, reads: boolean): Policy {
  return {
    ...policy,
    allow: null,
    domains: reads ? (policy.granted ?? null) : policy.domains,
    ...(within !== undefined && { within: policyInside(within, reads) }),
  };
}

function policyChain(policy: Policy): Policy[] {
  const chain = [policy];
  for (let outer = policy.within; outer !== undefined; outer = outer.within) chain.unshift(outer);
  return chain;
}
