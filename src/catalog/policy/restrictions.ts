/**
 * The restrictions of a policy, a row for each: how an outer policy and a narrowing combine, whether a narrowing
 * restricts at all, its part of the cache key, which of its names do not exist, and what it refuses.
 *
 * A new restriction is a row here, a member of `Narrowing` and of `Policy`, and a row where it can be set: a setting,
 * or a key of the policy file's rules.
 */
import { unknownAdminKeyEntries } from "../admin-key.ts";
import { isGlob, matchesAny, splitExclusions } from "../globs.ts";
import type { Confirm, Narrowing, Policy, PolicySubject, SettingNames } from "../policy.ts";
import { SERVER_SETTINGS } from "../policy.ts";
import { unknownName } from "./unknown-name.ts";

export type Refusal = { readonly setting: string; readonly reason: string };
export type Rule = (policy: Policy, record: PolicySubject, settings: SettingNames) => Refusal | undefined;

/** The names that exist: the catalogue's domains, and its tools with their aliases. */
export interface KnownNames {
  readonly domains: readonly string[];
  readonly tools: readonly string[];
}

export interface Restriction<Member extends keyof Policy = keyof Policy> {
  /** The inner policy's members. */
  narrow(outer: Policy, narrowing: Narrowing): Pick<Policy, Member>;
  restricts(outer: Policy, narrowing: Narrowing): boolean;
  /** Equal for policies that restrict alike. JSON. */
  key(policy: Omit<Policy, "key">): unknown;
  /** A line for each name in the narrowing that does not exist. */
  problems?(narrowing: Narrowing, known: KnownNames, settings: SettingNames): string[];
  /** Applied in order; each rule to every policy of the chain before the next rule. */
  readonly refusals?: readonly Rule[];
}

const readOnly: Restriction<"readOnly"> = {
  narrow: (outer, narrowing) => ({ readOnly: outer.readOnly || narrowing.readOnly === true }),
  restricts: (outer, narrowing) => narrowing.readOnly === true && !outer.readOnly,
  key: (policy) => policy.readOnly,
  refusals: [
    (policy, { name, risk }, { readOnly: setting }) => {
      if (!policy.readOnly || risk === "read") return undefined;
      return { setting, reason: `${name} changes data (risk: ${risk}), and ${setting} allows only tools that read.` };
    },
  ],
};

/** Sets `granted` too where the domains are a right. */
const domains: Restriction<"domains" | "granted"> = {
  narrow: (outer, narrowing) => ({
    domains: intersect(outer.domains, narrowing.domains),
    ...(narrowing.rights === true && { granted: isSet(narrowing.domains) ? new Set(narrowing.domains) : null }),
  }),
  restricts: (_outer, narrowing) => isSet(narrowing.domains),
  key: (policy) => [sortNames(policy.domains), policy.granted && sortNames(policy.granted)],
  problems: (narrowing, known, settings) => unknownDomains(narrowing.domains, known, settings),
  refusals: [
    (policy, { name, domain }, { domains: setting }) => {
      if (policy.domains === null || policy.domains.has(domain)) return undefined;
      return { setting, reason: `${name} belongs to the domain ${domain}, which ${setting} does not include.` };
    },
  ],
};

const writeDomains: Restriction<"writeDomains"> = {
  narrow: (outer, narrowing) => ({ writeDomains: intersect(outer.writeDomains ?? null, narrowing.writeDomains) }),
  restricts: (_outer, narrowing) => isSet(narrowing.writeDomains),
  key: (policy) => sortNames(policy.writeDomains ?? null),
  problems: (narrowing, known, settings) => unknownDomains(narrowing.writeDomains, known, settings),
  refusals: [
    (policy, { name, domain, risk }, { domains: setting }) => {
      if (!policy.writeDomains || risk === "read" || policy.writeDomains.has(domain)) return undefined;
      return {
        setting,
        reason: `${name} changes data (risk: ${risk}), and ${setting} allows only reading in the domain ${domain}.`,
      };
    },
  ],
};

/** Enforced by `adminKeyRefusal`, where a request's key is chosen. */
const adminKeyFor: Restriction<"adminKeyFor"> = {
  narrow: (_outer, narrowing) => (isSet(narrowing.adminKeyFor) ? { adminKeyFor: narrowing.adminKeyFor } : {}),
  restricts: (_outer, narrowing) => isSet(narrowing.adminKeyFor),
  key: (policy) => policy.adminKeyFor ?? null,
  problems(narrowing, known, { adminKey = SERVER_SETTINGS.adminKey }) {
    const unknown = unknownAdminKeyEntries(narrowing.adminKeyFor ?? [], known.domains);
    return unknown.map((entry) => unknownName(adminKey, "domain, domain:read or read", entry, known.domains));
  },
};

const tools: Restriction<"allow" | "deny"> = {
  narrow: (_outer, narrowing) =>
    isSet(narrowing.tools) ? splitExclusions([...new Set(narrowing.tools)]) : { allow: null, deny: [] },
  restricts: (_outer, narrowing) => isSet(narrowing.tools),
  key: (policy) => [policy.allow && [...policy.allow].sort(), [...policy.deny].sort()],
  problems(narrowing, known, { tools: setting }) {
    const { allow, deny } = splitExclusions(narrowing.tools ?? []);
    const unknown = [...(allow ?? []), ...deny].filter((glob) => !isGlob(glob) || !matchesAny([glob], known.tools));
    return unknown.map((glob) => unknownName(setting, "tool", glob, known.tools));
  },
  refusals: [
    ({ deny }, record, { tools: setting }) =>
      matchesAny(deny, namesAndAliases(record))
        ? { setting, reason: `${setting} excludes ${record.name}.` }
        : undefined,
    ({ allow }, record, { tools: setting }) => {
      if (allow === null || matchesAny(allow, namesAndAliases(record))) return undefined;
      return { setting, reason: `${setting} does not include ${record.name}.` };
    },
  ],
};

const STRICTNESS: Readonly<Record<Confirm, number>> = { never: 0, auto: 1, always: 2 };

/** The stricter value wins. Enforced before a destructive call (src/mcp/tools/confirm.ts). */
const confirm: Restriction<"confirm"> = {
  narrow: (outer, narrowing) => ({ confirm: stricter(outer.confirm, narrowing.confirm) }),
  restricts: (outer, narrowing) => stricter(outer.confirm, narrowing.confirm) !== outer.confirm,
  key: (policy) => policy.confirm,
};

/** Enforced where tools are listed. */
const discover: Restriction<"discover"> = {
  narrow: (outer, narrowing) => ({ discover: outer.discover || narrowing.discover === true }),
  restricts: (outer, narrowing) => narrowing.discover === true && !outer.discover,
  key: (policy) => policy.discover,
};

/** Their refusals apply in this order, so that a read-only server says so first, whatever else would refuse. */
export const RESTRICTIONS: readonly Restriction<never>[] = [
  readOnly,
  domains,
  writeDomains,
  adminKeyFor,
  tools,
  confirm,
  discover,
];

function unknownDomains(
  narrowing: readonly string[] | null | undefined,
  known: KnownNames,
  { domains: setting }: SettingNames,
): string[] {
  const unknown = [...new Set(narrowing)].filter((domain) => !known.domains.includes(domain));
  return unknown.map((domain) => unknownName(setting, "domain", domain, known.domains));
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

/** Whether the restriction is present. */
function isSet<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

function sortNames(names: ReadonlySet<string> | null): readonly string[] | null {
  return names && [...names].sort();
}

function namesAndAliases(record: PolicySubject): readonly string[] {
  return record.aliases.length === 0 ? [record.name] : [record.name, ...record.aliases];
}
