/** Finds mistakes that a schema cannot: unknown names, unreadable secrets, and rules that never apply. */
import { policyProblems } from "../../catalog/create-policy.ts";
import { MAIN_EDITION } from "../../catalog/editions.ts";
import type { PolicySubject } from "../../catalog/policy.ts";
import { EDITIONS } from "../../config/editions.ts";
import { placeholderProblem } from "../../config/placeholder.ts";
import { unknownDomainFault } from "../auth/scopes.ts";
import type { PolicyFileContext } from "./policy-file-context.ts";
import type { Located } from "../../config/files/read-with-lines.ts";
import type { RuleText } from "./policy-file-schema.ts";
import { KEY_MEMBERS, namesKeys } from "./rule-credentials.ts";
import { restrictionsOf } from "./rule-keys.ts";

/** The place of a path in a rule, with file and line, for messages. */
type PlaceInRule = (...path: readonly (string | number)[]) => string;

/** A line for each mistake of the rule at `index`. */
export function ruleMistakes(
  { value, at }: Located<{ rules: RuleText[] }>,
  index: number,
  context: PolicyFileContext,
): string[] {
  const rule = value?.rules[index];
  if (rule === undefined) return [];
  const place: PlaceInRule = (...path) => at(["rules", index, ...path]);
  return [
    ...unknownNames(rule, context.records, place),
    ...editionMistakes(rule, context, place("keys")),
    ...shadowedMistakes(rule, value?.rules.slice(0, index) ?? [], place),
    ...keysMistakes(rule, context, place),
    ...KEY_MEMBERS.flatMap((member) => secretMistakes(rule, member, context, place)),
  ];
}

function unknownNames(rule: RuleText, records: readonly PolicySubject[], place: PlaceInRule): string[] {
  return restrictionsOf(rule).flatMap(({ path, narrowing }) => {
    const stands = place(...path);
    const settings = { domains: stands, tools: stands, readOnly: stands, adminKey: stands };
    return policyProblems({ ...narrowing, settings }, records);
  });
}

function shadowedMistakes({ name }: RuleText, earlier: readonly RuleText[], place: PlaceInRule): string[] {
  const mistakes: string[] = [];
  if (earlier.some((rule) => rule.name === name))
    mistakes.push(`${place("name")}: a rule before it has the same name.`);
  if (earlier.some(({ match }) => match === "anyone"))
    mistakes.push(`${place("match")}: a rule before it matches anyone, so that this one never applies.`);
  return mistakes;
}

function keysMistakes(rule: RuleText, { credentials }: PolicyFileContext, place: PlaceInRule): string[] {
  const isUsed = credentials === "policy";
  if (isUsed === namesKeys(rule)) return [];
  if (isUsed) return [`${place()}: MCP_CREDENTIALS is policy, and the rule names no keys.`];
  const remedy = "Set it to policy, or remove the keys.";
  return [`${place("keys")}: not used while MCP_CREDENTIALS is ${credentials}. ${remedy}`];
}

function secretMistakes(
  { keys }: RuleText,
  member: (typeof KEY_MEMBERS)[number],
  { readSecret }: PolicyFileContext,
  place: PlaceInRule,
): string[] {
  const reference = keys?.[member];
  if (reference === undefined) return [];
  const stands = place("keys", member);
  const secret = readSecret(reference);
  if (secret !== undefined) {
    const placeholder = placeholderProblem(secret);
    return placeholder === undefined ? [] : [`${stands}: what it refers to ${placeholder}`];
  }
  return "env" in reference
    ? [`${stands}: the variable ${reference.env} is not set.`]
    : [`${stands}: "${reference.file}" cannot be read or is empty.`];
}

/** Keys of another edition, and missing ones of a service account. */
function editionMistakes({ keys }: RuleText, { edition = MAIN_EDITION }: PolicyFileContext, at: string): string[] {
  const own = EDITIONS[edition].parts;
  const foreign = KEY_MEMBERS.filter(
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

/** Scopes of the file's map whose domains do not exist. */
export function scopeMapMistakes(
  { value, at }: Located<{ scope_map: Readonly<Record<string, string[]>> }>,
  records: readonly PolicySubject[],
): string[] {
  return Object.entries(value?.scope_map ?? {}).flatMap(([name, scopes]) =>
    scopes.flatMap((scope) => {
      const wrong = unknownDomainFault(scope, records);
      return wrong === undefined ? [] : [`${at(["scope_map", name])}: ${wrong}`];
    }),
  );
}
