/**
 * The policy file (MCP_POLICY_FILE), YAML or JSON: who may use what, and with which Portkey keys.
 *
 * The rules are read from the top, and the first one whose `match` fits the principal decides alone: rules are not
 * merged, so that what a person may do stands in one place. A principal that no rule fits may do nothing. What a rule
 * grants stays within the server's own settings.
 */
import { policyProblems } from "../../catalog/create-policy.ts";
import { narrowPolicy } from "../../catalog/narrow.ts";
import type { Narrowing, Policy, PolicySubject, SettingNames } from "../../catalog/policy.ts";
import { placeholderProblem } from "../../config/placeholder.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { MAIN_EDITION, type EditionName } from "../../catalog/editions.ts";
import { credentialsFrom, EDITIONS, type CredentialPart } from "../../config/editions.ts";
import type { Credentials } from "../../portkey/port.ts";
import type { ScopeMap } from "../../config/scope-map.ts";
import type { Principal } from "../auth/principal.ts";
import { unknownDomain } from "../auth/scopes.ts";
import { readWithLines, type Located } from "./policy-file-lines.ts";
import { POLICY_FILE, type KeyReference, type Match, type RuleText, type ScopeUse } from "./policy-file-schema.ts";

export interface PolicyRule {
  readonly name: string;
  readonly match: Match;
  /** What the rule grants, within the server's own settings. */
  readonly policy: Policy;
  /** The audit holds the masked arguments of its calls. */
  readonly auditArguments: boolean;
  /** The Portkey keys that this rule's principals call with; null where it names none. */
  readonly credentials: Credentials | null;
}

export interface PolicyFile {
  readonly scopes: ScopeUse;
  /** What a login asks for instead of this server's scopes; null: this server's scopes. */
  readonly challengeScopes: readonly string[] | null;
  readonly scopeMap: ScopeMap;
  readonly rules: readonly PolicyRule[];
}

/** The value behind a reference to a secret; undefined where it is not set or cannot be read. */
export type ReadSecret = (reference: KeyReference) => string | undefined;

export interface PolicyFileContext {
  /** The server's upper bound. */
  readonly policy: Policy;
  /** What domains and tool names are checked against. */
  readonly records: readonly PolicySubject[];
  readonly readSecret: ReadSecret;
  readonly credentials: "server" | "caller" | "policy";
  /** The edition whose credentials rules name; absent: the main one. */
  readonly edition?: EditionName | undefined;
  readonly sendsTenant?: boolean | undefined;
}

/** Throws CONFIG with a line for each mistake, each with its place: `MCP_POLICY_FILE: policy.yaml, line 7: …`. */
export function readPolicyFile(
  file: { readonly path: string; readonly text: string },
  context: PolicyFileContext,
): PolicyFile {
  const located = readWithLines(file, POLICY_FILE);
  const mistakes = located.mistakes ?? [
    ...scopeMapMistakes(located, context.records),
    ...located.value.rules.flatMap((rule, index) => ruleMistakes(rule, index, located, context)),
  ];
  if (located.value === undefined || mistakes.length > 0)
    throw new PortkeyMcpError("CONFIG", mistakes.map((line) => `MCP_POLICY_FILE: ${line}`).join("\n"));
  const { scopes, challenge_scopes: challengeScopes = null, scope_map: names, rules } = located.value;
  const scopeMap = Object.entries(names).flatMap(([name, meant]) => meant.map((scope) => [name, scope] as const));
  return Object.freeze({ scopes, challengeScopes, scopeMap, rules: rules.map((rule) => ruleOf(rule, context)) });
}

/** The rule that decides for a principal; undefined: none, and it may do nothing. */
export function ruleFor({ rules }: PolicyFile, principal: Principal): PolicyRule | undefined {
  return rules.find(({ match }) => match === "anyone" || matches(match, principal));
}

/** Every condition given must hold, and one value of each is enough. */
function matches(match: Exclude<Match, "anyone">, principal: Principal): boolean {
  const has = (wanted: readonly string[] | undefined, held: readonly (string | null)[]) =>
    wanted === undefined || wanted.some((value) => held.includes(value));
  return (
    // A client without a subject is matched by its name as a client: it may be called like a person.
    has(match.subject, principal.kind === "client" ? [] : [principal.subject]) &&
    has(match.client, [principal.client]) &&
    has(match.organisation, [principal.organisation]) &&
    has(match.role, principal.roles) &&
    has(match.scope, principal.scopes)
  );
}

function ruleOf(rule: RuleText, context: PolicyFileContext): PolicyRule {
  return Object.freeze({
    name: rule.name,
    match: rule.match,
    policy: narrowPolicy(context.policy, narrowingOf(rule)),
    auditArguments: rule.audit === "arguments",
    credentials: namesKeys(rule) ? credentialsOf(rule.keys ?? {}, context) : null,
  });
}

/** Whatever edition they are of. */
const MEMBERS = Object.values(EDITIONS).flatMap(({ parts }) => parts.map(({ member }) => member));

function namesKeys({ keys }: RuleText): boolean {
  return MEMBERS.some((member) => keys?.[member] !== undefined);
}

function narrowingOf(rule: RuleText): Narrowing {
  const named = `the rule "${rule.name}" of the policy file`;
  const settings: SettingNames = { domains: named, tools: named, readOnly: named, adminKey: named };
  return {
    domains: rule.domains === "all" ? null : rule.domains,
    writeDomains: rule.write_domains === "all" ? null : rule.write_domains,
    tools: rule.tools,
    readOnly: rule.read_only,
    adminKeyFor: rule.keys?.admin_for,
    confirm: rule.confirm,
    rights: true,
    settings,
  };
}

function credentialsOf(
  keys: NonNullable<RuleText["keys"]>,
  { readSecret, edition = MAIN_EDITION, sendsTenant }: PolicyFileContext,
): Credentials {
  const given = new Map<CredentialPart["place"], string>();
  for (const { place, member } of EDITIONS[edition].parts) {
    const reference = keys[member];
    const value = reference && readSecret(reference);
    if (value !== undefined) given.set(place, value);
  }
  return credentialsFrom(given, sendsTenant);
}

/** What a rule names of another edition, and what of its own edition it must name beside the rest. */
function editionMistakes({ keys }: RuleText, { edition = MAIN_EDITION }: PolicyFileContext, at: string): string[] {
  const own = EDITIONS[edition].parts;
  const foreign = MEMBERS.filter(
    (member) => keys?.[member] !== undefined && own.every((part) => part.member !== member),
  );
  const isAccount = own.every(({ required }) => required);
  const missing = isAccount ? own.filter(({ member }) => keys?.[member] === undefined) : [];
  const named = own.map(({ member }) => member).join(", ");
  return [
    ...foreign.map((member) => `${at}: ${member} is not of the edition ${edition}, whose keys are ${named}.`),
    ...(foreign.length === 0 && missing.length > 0 && missing.length < own.length
      ? [`${at}: a service account is ${named}; ${missing.map(({ member }) => member).join(", ")} is missing.`]
      : []),
  ];
}

function scopeMapMistakes(
  { value, at }: Located<{ scope_map: Readonly<Record<string, string[]>> }>,
  records: readonly PolicySubject[],
): string[] {
  return Object.entries(value?.scope_map ?? {}).flatMap(([name, scopes]) =>
    scopes.flatMap((scope) => {
      const wrong = unknownDomain(scope, records);
      return wrong === undefined ? [] : [`${at(["scope_map", name])}: ${wrong}`];
    }),
  );
}

/** What the shape alone does not tell: names that exist nowhere, keys that cannot be read, rules that never apply. */
function ruleMistakes(
  rule: RuleText,
  index: number,
  { value, at }: Located<{ rules: RuleText[] }>,
  context: PolicyFileContext,
): string[] {
  const place = (...path: readonly (string | number)[]) => at(["rules", index, ...path]);
  const names: SettingNames = {
    domains: place("domains"),
    tools: place("tools"),
    readOnly: place("read_only"),
    adminKey: place("keys", "admin_for"),
  };
  const mistakes = [
    ...policyProblems({ ...narrowingOf(rule), writeDomains: null, settings: names }, context.records),
    ...policyProblems(
      {
        ...narrowingOf(rule),
        domains: null,
        tools: null,
        adminKeyFor: null,
        settings: { ...names, domains: place("write_domains") },
      },
      context.records,
    ),
  ];
  const earlier = value?.rules.slice(0, index) ?? [];
  for (const mistake of editionMistakes(rule, context, place("keys"))) mistakes.push(mistake);
  if (earlier.some(({ name }) => name === rule.name))
    mistakes.push(`${place("name")}: a rule before it has the same name.`);
  if (earlier.some(({ match }) => match === "anyone"))
    mistakes.push(`${place("match")}: a rule before it matches anyone, so that this one never applies.`);
  if (context.credentials === "policy" && !namesKeys(rule))
    mistakes.push(`${place()}: MCP_CREDENTIALS is policy, and the rule names no keys.`);
  if (context.credentials !== "policy" && namesKeys(rule)) {
    mistakes.push(
      `${place("keys")}: not used while MCP_CREDENTIALS is ${context.credentials}. Set it to policy, or remove the keys.`,
    );
  }
  for (const kind of MEMBERS) {
    const reference = rule.keys?.[kind];
    if (reference === undefined) continue;
    const secret = context.readSecret(reference);
    const placeholder = secret === undefined ? undefined : placeholderProblem(secret);
    if (placeholder !== undefined) mistakes.push(`${place("keys", kind)}: what it refers to ${placeholder}`);
    if (secret !== undefined) continue;
    const what =
      "env" in reference
        ? `the variable ${reference.env} is not set`
        : `"${reference.file}" cannot be read or is empty`;
    mistakes.push(`${place("keys", kind)}: ${what}.`);
  }
  return mistakes;
}
