/**
 * The policy file (MCP_POLICY_FILE), YAML or JSON: who may use what, and with which Portkey keys.
 *
 * The rules are read from the top, and the first one whose `match` fits the principal decides alone: rules are not
 * merged, so that what a person may do stands in one place. A principal that no rule fits may do nothing. What a rule
 * grants stays within the server's own settings.
 */
import { narrowPolicy } from "../../catalog/policy/narrow.ts";
import type { Narrowing, Policy, SettingNames } from "../../catalog/policy.ts";
import type { ScopeMap } from "../../config/scope-map.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { Credentials } from "../../portkey/port.ts";
import type { Principal } from "../auth/principal.ts";
import type { PolicyFileContext } from "./policy-file-context.ts";
import { readWithLines } from "../../config/files/read-with-lines.ts";
import { POLICY_FILE, type Match, type RuleText, type ScopeUse } from "./policy-file-schema.ts";
import { credentialsOf, namesKeys } from "./rule-credentials.ts";
import { restrictionsOf } from "./rule-keys.ts";
import { ruleMistakes, scopeMapMistakes } from "./rule-mistakes.ts";

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

/** Throws CONFIG with a line for each mistake, each with its place: `MCP_POLICY_FILE: policy.yaml, line 7: …`. */
export function readPolicyFile(
  file: { readonly path: string; readonly text: string },
  context: PolicyFileContext,
): PolicyFile {
  const located = readWithLines(file, POLICY_FILE);
  const mistakes = located.mistakes ?? [
    ...scopeMapMistakes(located, context.records),
    ...located.value.rules.flatMap((_rule, index) => ruleMistakes(located, index, context)),
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

function narrowingOf(rule: RuleText): Narrowing {
  const named = `the rule "${rule.name}" of the policy file`;
  const settings: SettingNames = { domains: named, tools: named, readOnly: named, adminKey: named };
  let narrowing: Narrowing = { rights: true, settings };
  for (const restriction of restrictionsOf(rule)) narrowing = { ...narrowing, ...restriction.narrowing };
  return narrowing;
}
