/**
 * The server's own policy from its settings, and what is wrong with such settings, said so that it can be put right.
 */
import { keyOf, narrowPolicy, OPEN_POLICY } from "./policy/narrow.ts";
import type { Narrowing, Policy, PolicyInput, PolicySubject } from "./policy.ts";
import { SERVER_SETTINGS } from "./policy.ts";
import { PROFILES } from "./policy/profiles.ts";
import { RESTRICTIONS, type KnownNames } from "./policy/restrictions.ts";
import { unknownName } from "./policy/unknown-name.ts";

/**
 * The server's upper bound. Expects settings without problems (`policyProblems`); an unknown profile admits nothing.
 */
export function createPolicy(input: PolicyInput = {}): Policy {
  const open = { ...OPEN_POLICY, confirm: input.confirm ?? "auto" };
  const base: Policy = Object.freeze({ ...open, key: keyOf(open) });
  const profile: Narrowing =
    input.profile === undefined
      ? {}
      : {
          tools: Object.hasOwn(PROFILES, input.profile) ? PROFILES[input.profile] : [],
          settings: { ...SERVER_SETTINGS, tools: `--profile ${input.profile}` },
        };
  // The server's domains are rights, not a choice of what to list: what a composite reads keeps to them as well.
  return narrowPolicy(narrowPolicy(base, profile), { ...input, rights: Boolean(input.domains) });
}

/**
 * One line for each thing in the settings that names nothing: an unknown domain, profile or tool, a glob that matches
 * no tool. Each names its setting and the closest thing that exists. Empty: all is well.
 */
export function policyProblems(input: PolicyInput, records: readonly PolicySubject[]): string[] {
  const settings = input.settings ?? SERVER_SETTINGS;
  const known: KnownNames = {
    domains: [...new Set(records.map((record) => record.domain))],
    tools: records.flatMap((record) => [record.name, ...record.aliases]),
  };
  const problems = RESTRICTIONS.flatMap((restriction) => restriction.problems?.(input, known, settings) ?? []);
  const { profile } = input;
  if (profile === undefined || Object.hasOwn(PROFILES, profile)) return problems;
  return [unknownName("PORTKEY_PROFILE", "profile", profile, Object.keys(PROFILES)), ...problems];
}
