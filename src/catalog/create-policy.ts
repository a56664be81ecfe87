/** Makes the server's own policy from its settings, and describes what is wrong with such settings. */
import { policyKey, narrowPolicy, OPEN_POLICY } from "./policy/narrow.ts";
import type { Narrowing, Policy, PolicyInput, PolicySubject } from "./policy.ts";
import { SERVER_SETTINGS } from "./policy.ts";
import { PROFILES } from "./policy/profiles.ts";
import { RESTRICTIONS, type KnownNames } from "./policy/restrictions.ts";
import { unknownName } from "./policy/unknown-name.ts";

/**
 * The policy that no caller can exceed. Expects settings without problems (`policyProblems`).
 * An unknown profile admits nothing.
 */
export function createPolicy(input: PolicyInput = {}): Policy {
  const open = { ...OPEN_POLICY, confirm: input.confirm ?? "auto" };
  const base: Policy = Object.freeze({ ...open, key: policyKey(open) });
  const withProfile = narrowPolicy(base, profileNarrowing(input.profile));
  // The server's domains are rights, not only a choice of what to list: the reads of composites keep to them too.
  return narrowPolicy(withProfile, { ...input, rights: Boolean(input.domains) });
}

function profileNarrowing(profile: string | undefined): Narrowing {
  if (profile === undefined) return {};
  const tools = Object.hasOwn(PROFILES, profile) ? PROFILES[profile] : [];
  return { tools, settings: { ...SERVER_SETTINGS, tools: `--profile ${profile}` } };
}

/**
 * One line for each entry of the settings that names nothing: an unknown domain, profile or tool, a glob that matches
 * no tool. Each line names the setting and the closest name that exists. Empty where there is no problem.
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
