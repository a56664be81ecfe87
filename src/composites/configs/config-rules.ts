/**
 * Checks a gateway config beyond the types of its fields, which the schema checks. Most findings are warnings, since
 * Portkey may accept forms that this server does not know; only what cannot work is an error.
 */
import { isObject } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { badInput, problemLine, type Problem } from "../../portkey/request/problem.ts";
import type { CompositeContext } from "../composite.ts";
import { queryProblems } from "./condition-rules.ts";
import { findParts, type Part } from "./config-parts.ts";
import { unknownMembers } from "./known-members.ts";
import type { Rule } from "./rule.ts";
import { strategyRules } from "./rules-of-strategies.ts";
import { targetRules } from "./rules-of-targets.ts";

const RULES: readonly Rule[] = [...targetRules, ...strategyRules];

/** The rules as sentences, without duplicates. */
export function ruleSentences(): string[] {
  return [...new Set(RULES.map(({ about, says }) => `${about}: ${says}`))];
}

/**
 * Returns warnings as lines; throws BAD_INPUT with a path for each error. Without `loadSchemas`, the names of members
 * are not checked.
 */
export async function checkConfig(
  tool: string,
  config: unknown,
  { loadSchemas }: Pick<CompositeContext, "loadSchemas">,
): Promise<string[]> {
  if (!isObject(config)) return [];
  const parts = findParts(config);
  const schemas = await loadSchemas?.();
  const problems = firstProblems(brokenRules(parts, true));
  const warnings = firstProblems(
    schemas === undefined ? [] : unknownMembers(parts, schemas),
    brokenRules(parts, false),
    findQueryProblems(parts),
  );
  // The error includes the warnings: a misspelt member is often the reason why a required one is missing.
  if (problems.length > 0) throw badInput(tool, [...problems, ...warnings]);
  return warnings.length > BOUNDS.findings
    ? [...warnings.slice(0, BOUNDS.findings).map(problemLine), "There are more warnings than these."]
    : warnings.map(problemLine);
}

/** The first problem of each path. Stops at one more than BOUNDS.findings, which shows that there are more. */
function firstProblems(...sources: readonly Iterable<Problem>[]): Problem[] {
  const firsts = new Map<string, Problem>();
  for (const source of sources) {
    for (const problem of source) {
      if (firsts.size > BOUNDS.findings) return [...firsts.values()];
      if (!firsts.has(problem.path)) firsts.set(problem.path, problem);
    }
  }
  return [...firsts.values()];
}

function* brokenRules(parts: readonly Part[], errors: boolean): Generator<Problem> {
  const rules = RULES.filter((rule) => (rule.error ?? false) === errors);
  for (const part of parts) {
    for (const rule of rules) {
      const text = rule.about === part.kind && rule.broken(part.value, part.target);
      if (text !== false) yield { path: rule.member === "" ? part.path : `${part.path}.${rule.member}`, text };
    }
  }
}

function* findQueryProblems(parts: readonly Part[]): Generator<Problem> {
  for (const { kind, value, path } of parts) {
    if (kind === "condition" && isObject(value["query"])) yield* queryProblems(value["query"], `${path}.query`);
  }
}
