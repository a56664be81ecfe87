/**
 * The server's own policy from its settings, and what is wrong with such settings, said so that it can be put right.
 */
import { closest } from "fastest-levenshtein";
import { unknownAdminKeyEntries } from "./admin-key.ts";
import { isGlob, matchesAny, splitExclusions } from "./globs.ts";
import { isSet, keyOf, narrowPolicy } from "./narrow.ts";
import type { Narrowing, Policy, PolicyInput, PolicySubject } from "./policy.ts";
import { SERVER_SETTINGS } from "./policy.ts";
import { PROFILES } from "./profiles.ts";

/**
 * The server's upper bound. Expects settings without problems (`policyProblems`); an unknown profile admits nothing.
 */
export function createPolicy(input: PolicyInput = {}): Policy {
  const open = {
    domains: null,
    allow: null,
    deny: [],
    readOnly: false,
    confirm: input.confirm ?? "auto",
    discover: false,
  } as const;
  const base: Policy = Object.freeze({ ...open, key: keyOf(open) });
  const profile: Narrowing =
    input.profile === undefined
      ? {}
      : {
          tools: Object.hasOwn(PROFILES, input.profile) ? PROFILES[input.profile] : [],
          settings: { ...SERVER_SETTINGS, tools: `--profile ${input.profile}` },
        };
  // The server's domains are rights, not a choice of what to list: what a composite reads keeps to them as well.
  return narrowPolicy(narrowPolicy(base, profile), { ...input, rights: isSet(input.domains) });
}

/**
 * One line for each thing in the settings that names nothing: an unknown domain, profile or tool, a glob that matches
 * no tool. Each names its setting and the closest thing that exists. Empty: all is well.
 */
export function policyProblems(input: PolicyInput, records: readonly PolicySubject[]): string[] {
  const settings = input.settings ?? SERVER_SETTINGS;
  const domains = [...new Set(records.map((record) => record.domain))];
  const names = records.flatMap((record) => [record.name, ...record.aliases]);
  const problems: string[] = [];

  if (input.profile !== undefined && !Object.hasOwn(PROFILES, input.profile)) {
    problems.push(unknown("--profile", "profile", input.profile, Object.keys(PROFILES)));
  }
  for (const domain of new Set([...(input.domains ?? []), ...(input.writeDomains ?? [])])) {
    if (!domains.includes(domain)) problems.push(unknown(settings.domains, "domain", domain, domains));
  }
  for (const entry of unknownAdminKeyEntries(input.adminKeyFor ?? [], domains)) {
    const setting = settings.adminKey ?? SERVER_SETTINGS.adminKey;
    problems.push(unknown(setting, "domain, domain:read or read", entry, domains));
  }
  const { allow, deny } = splitExclusions(input.tools ?? []);
  for (const glob of [...(allow ?? []), ...deny]) {
    if (!matchesOne(glob, names)) problems.push(unknown(settings.tools, "tool", glob, names));
  }
  return problems;
}

function matchesOne(glob: string, names: readonly string[]): boolean {
  return isGlob(glob) && matchesAny([glob], names);
}

function unknown(setting: string, kind: string, entry: string, known: readonly string[]): string {
  if (entry.trim() === "") return `${setting}: an entry names no ${kind}. Name one, or take the entry out.`;
  if (/[*?[\]{}()]/.test(entry)) return `${setting}: "${entry}" matches no ${kind}.`;
  const hint = known.length === 0 ? "" : ` Did you mean "${closest(entry, [...known])}"?`;
  const all = kind === "tool" ? "" : ` Known: ${[...known].sort().join(", ")}.`;
  return `${setting}: "${entry}" is not a ${kind}.${hint}${all}`;
}
