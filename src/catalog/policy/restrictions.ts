/**
 * The ways in which a policy restricts, a row for each: what an outer policy and a narrowing make together, whether a
 * narrowing restricts at all, what tells two policies apart, which of its names exist nowhere, and what it refuses. A
 * new one is a row here, a member of `Narrowing` and of `Policy`, and a row of whoever may set it: a setting, or a key
 * of the policy file's rules.
 */
import { unknownAdminKeyEntries } from "../admin-key.ts";
import { isGlob, matchesAny, splitExclusions } from "../globs.ts";
import type { Confirm, Narrowing, Policy, PolicySubject, SettingNames } from "../policy.ts";
import { SERVER_SETTINGS } from "../policy.ts";
import { unknownName } from "./unknown-name.ts";

export type Refusal = { readonly setting: string; readonly reason: string };
export type Rule = (policy: Policy, record: PolicySubject, settings: SettingNames) => Refusal | undefined;

/** What names are checked against: the catalogue's domains, and its tools with their aliases. */
export interface KnownNames {
  readonly domains: readonly string[];
  readonly tools: readonly string[];
}

export interface Restriction<Member extends keyof Policy = keyof Policy> {
  /** The inner policy's members. */
  narrow(outer: Policy, given: Narrowing): Pick<Policy, Member>;
  restricts(outer: Policy, given: Narrowing): boolean;
  /** Equal for policies that restrict alike. JSON. */
  key(policy: Omit<Policy, "key">): unknown;
  /** A line for each name in it that exists nowhere. */
  problems?(given: Narrowing, known: KnownNames, settings: SettingNames): string[];
  /** Asked in turn, each of the whole chain of policies before the next. */
  readonly refusals?: readonly Rule[];
}

const readOnly: Restriction<"readOnly"> = {
  narrow: (outer, given) => ({ readOnly: outer.readOnly || given.readOnly === true }),
  restricts: (outer, given) => given.readOnly === true && !outer.readOnly,
  key: (policy) => policy.readOnly,
  refusals: [
    (policy, { name, risk }, { readOnly: setting }) => {
      if (!policy.readOnly || risk === "read") return undefined;
      return { setting, reason: `${name} changes data (risk: ${risk}), and ${setting} allows only tools that read.` };
    },
  ],
};

/** Its `granted` follows where the domains are a right. */
const domains: Restriction<"domains" | "granted"> = {
  narrow: (outer, given) => ({
    domains: intersect(outer.domains, given.domains),
    ...(given.rights === true && { granted: isSet(given.domains) ? new Set(given.domains) : null }),
  }),
  restricts: (_outer, given) => isSet(given.domains),
  key: (policy) => [sorted(policy.domains), policy.granted && sorted(policy.granted)],
  problems: (given, known, settings) => unknownDomains(given.domains, known, settings),
  refusals: [
    (policy, { name, domain }, { domains: setting }) => {
      if (policy.domains === null || policy.domains.has(domain)) return undefined;
      return { setting, reason: `${name} belongs to the domain ${domain}, which ${setting} does not include.` };
    },
  ],
};

const writeDomains: Restriction<"writeDomains"> = {
  narrow: (outer, given) => ({ writeDomains: intersect(outer.writeDomains ?? null, given.writeDomains) }),
  restricts: (_outer, given) => isSet(given.writeDomains),
  key: (policy) => sorted(policy.writeDomains ?? null),
  problems: (given, known, settings) => unknownDomains(given.writeDomains, known, settings),
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

/** Enforced where a request's key is chosen: by `adminKeyRefusal`. */
const adminKeyFor: Restriction<"adminKeyFor"> = {
  narrow: (_outer, given) => (isSet(given.adminKeyFor) ? { adminKeyFor: given.adminKeyFor } : {}),
  restricts: (_outer, given) => isSet(given.adminKeyFor),
  key: (policy) => policy.adminKeyFor ?? null,
  problems(given, known, { adminKey = SERVER_SETTINGS.adminKey }) {
    const unknown = unknownAdminKeyEntries(given.adminKeyFor ?? [], known.domains);
    return unknown.map((entry) => unknownName(adminKey, "domain, domain:read or read", entry, known.domains));
  },
};

const tools: Restriction<"allow" | "deny"> = {
  narrow: (_outer, given) =>
    isSet(given.tools) ? splitExclusions([...new Set(given.tools)]) : { allow: null, deny: [] },
  restricts: (_outer, given) => isSet(given.tools),
  key: (policy) => [policy.allow && [...policy.allow].sort(), [...policy.deny].sort()],
  problems(given, known, { tools: setting }) {
    const { allow, deny } = splitExclusions(given.tools ?? []);
    const unknown = [...(allow ?? []), ...deny].filter((glob) => !isGlob(glob) || !matchesAny([glob], known.tools));
    return unknown.map((glob) => unknownName(setting, "tool", glob, known.tools));
  },
  refusals: [
    ({ deny }, record, { tools: setting }) =>
      matchesAny(deny, namesOf(record)) ? { setting, reason: `${setting} excludes ${record.name}.` } : undefined,
    ({ allow }, record, { tools: setting }) => {
      if (allow === null || matchesAny(allow, namesOf(record))) return undefined;
      return { setting, reason: `${setting} does not include ${record.name}.` };
    },
  ],
};

const STRICTNESS: Readonly<Record<Confirm, number>> = { never: 0, auto: 1, always: 2 };

/** The stricter one counts. Enforced before a destructive call (src/mcp/tools/confirm.ts). */
const confirm: Restriction<"confirm"> = {
  narrow: (outer, given) => ({ confirm: stricter(outer.confirm, given.confirm) }),
  restricts: (outer, given) => stricter(outer.confirm, given.confirm) !== outer.confirm,
  key: (policy) => policy.confirm,
};

/** Enforced where tools are listed. */
const discover: Restriction<"discover"> = {
  narrow: (outer, given) => ({ discover: outer.discover || given.discover === true }),
  restricts: (outer, given) => given.discover === true && !outer.discover,
  key: (policy) => policy.discover,
};

/** Their refusals are asked in this order: so a read-only server says so first, whatever else would refuse. */
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
  given: readonly string[] | null | undefined,
  known: KnownNames,
  { domains: setting }: SettingNames,
): string[] {
  const unknown = [...new Set(given)].filter((domain) => !known.domains.includes(domain));
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

/** Whether a restriction was given. */
function isSet<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

function sorted(names: ReadonlySet<string> | null): readonly string[] | null {
  return names && [...names].sort();
}

function namesOf(record: PolicySubject): readonly string[] {
  return record.aliases.length === 0 ? [record.name] : [record.name, ...record.aliases];
}
