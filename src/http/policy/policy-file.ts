/**
 * The policy file (MCP_POLICY_FILE), YAML or JSON: who may use what, and with which Portkey keys.
 *
 * The first rule whose `match` fits the principal applies, and no other: rules are not merged, so that one rule says
 * what a person may do. A principal without a rule may do nothing. A rule cannot grant more than the server's settings.
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
  /** Whether the audit records the masked arguments of its principals' calls. */
  readonly auditArguments: boolean;
  /** The Portkey keys for its principals' calls; null where it names none. */
  readonly credentials: Credentials | null;
}

export interface PolicyFile {
  readonly scopes: ScopeUse;
  /** The scopes that a login asks for instead of this server's; null: this server's. */
  readonly challengeScopes: readonly string[] | null;
  readonly scopeMap: ScopeMap;
  readonly rules: readonly PolicyRule[];
}

/** Throws CONFIG with a line for each mistake: `MCP_POLICY_FILE: policy.yaml, line 7: …`. */
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
  const scopeMap = Object.entries(names).flatMap(([name, granted]) => granted.map((scope) => [name, scope] as const));
  return Object.freeze({ scopes, challengeScopes, scopeMap, rules: rules.map((rule) => createRule(rule, context)) });
}

/** The rule that applies to a principal; undefined: none, so that it may do nothing. */
export function ruleFor({ rules }: PolicyFile, principal: Principal): PolicyRule | undefined {
  return rules.find(({ match }) => match === "anyone" || matches(match, principal));
}

/** Whether every condition holds; a condition holds where one of its values does. */
function matches(match: Exclude<Match, "anyone">, principal: Principal): boolean {
  const has = (wanted: readonly string[] | undefined, held: readonly (string | null)[]) =>
    wanted === undefined || wanted.some((value) => held.includes(value));
  return (
    // A client's own token has no subject. Its principal's subject is the client's id, which may equal a person's.
    has(match.subject, principal.kind === "client" ? [] : [principal.subject]) &&
    has(match.client, [principal.client]) &&
    has(match.organisation, [principal.organisation]) &&
    has(match.role, principal.roles) &&
    has(match.scope, principal.scopes)
  );
}

function createRule(rule: RuleText, context: PolicyFileContext): PolicyRule {
  return Object.freeze({
    name: rule.name,
    match: rule.match,
    policy: narrowPolicy(context.policy, narrowingOf(rule)),
    auditArguments: rule.audit === "arguments",
    credentials: namesKeys(rule) ? credentialsOf(rule.keys ?? {}, context) : null,
  });
}

function narrowingOf(rule: RuleText): Narrowing {
  const source = `the rule "${rule.name}" of the policy file`;
  const settings: SettingNames = { domains: source, tools: source, readOnly: source, adminKey: source };
  let narrowing: Narrowing = { rights: true, settings };
  for (const restriction of restrictionsOf(rule)) narrowing = { ...narrowing, ...restriction.narrowing };
  return narrowing;
}
