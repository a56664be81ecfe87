/**
 * The one place that says whether a policy admits a tool. Listing, calling, searching and composites all ask here.
 */
import { matchesAny } from "./globs.ts";
import type { Policy, PolicySubject, SettingNames, Verdict } from "./policy.ts";
import { SERVER_SETTINGS } from "./policy.ts";

type Refusal = { readonly setting: string; readonly reason: string } | undefined;
type Rule = (policy: Policy, record: PolicySubject, settings: SettingNames) => Refusal;

/** In this order, each over the whole chain: so a read-only server says so first, whatever else would refuse. */
const RULES: readonly Rule[] = [
  (policy, record, { readOnly: setting }) =>
    policy.readOnly && record.risk !== "read"
      ? {
          setting,
          reason: `${record.name} changes data (risk: ${record.risk}), and ${setting} allows only tools that read.`,
        }
      : undefined,
  (policy, record, { domains: setting }) =>
    policy.domains !== null && !policy.domains.has(record.domain)
      ? { setting, reason: `${record.name} belongs to the domain ${record.domain}, which ${setting} does not include.` }
      : undefined,
  (policy, record, { domains: setting }) =>
    policy.writeDomains && record.risk !== "read" && !policy.writeDomains.has(record.domain)
      ? {
          setting,
          reason: `${record.name} changes data (risk: ${record.risk}), and ${setting} allows only reading in the domain ${record.domain}.`,
        }
      : undefined,
  (policy, record, { tools: setting }) =>
    matchesAny(policy.deny, namesOf(record)) ? { setting, reason: `${setting} excludes ${record.name}.` } : undefined,
  (policy, record, { tools: setting }) =>
    policy.allow !== null && !matchesAny(policy.allow, namesOf(record))
      ? { setting, reason: `${setting} does not include ${record.name}.` }
      : undefined,
];

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

function namesOf(record: PolicySubject): readonly string[] {
  return record.aliases.length === 0 ? [record.name] : [record.name, ...record.aliases];
}
