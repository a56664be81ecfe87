/**
 * What a gateway config must and should have beyond its fields' types, which the schema checks. Most of what is found
 * is a warning, because Portkey may store a form that this server does not know yet; an error is only what cannot work.
 */
import { isObject } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { badInput, problemLine, type Problem } from "../../portkey/request/problem.ts";
import type { CompositeContext } from "../composite.ts";
import { queryProblems } from "./condition-rules.ts";
import { partsOf, type Part } from "./config-parts.ts";
import { unknownMembers } from "./known-members.ts";
import type { Rule } from "./rule.ts";
import { strategyRules } from "./rules-of-strategies.ts";
import { targetRules } from "./rules-of-targets.ts";

const RULES: readonly Rule[] = [...targetRules, ...strategyRules];

/** The rules as sentences, each once. */
export function saidRules(): string[] {
  return [...new Set(RULES.map(({ about, says }) => `${about}: ${says}`))];
}

/**
 * Warnings as lines; throws BAD_INPUT with the path of each member that is wrong. Without `loadSchemas`, which reads
 * those of the edition's tools, no member is unknown.
 */
export async function checkConfig(
  tool: string,
  config: unknown,
  { loadSchemas }: Pick<CompositeContext, "loadSchemas">,
): Promise<string[]> {
  if (!isObject(config)) return [];
  const parts = partsOf(config);
  const schemas = await loadSchemas?.();
  const problems = firstOf(brokenRules(parts, true));
  const warnings = firstOf(
    schemas === undefined ? [] : unknownMembers(parts, schemas),
    brokenRules(parts, false),
    queryProblemsOf(parts),
  );
  // A misspelt member is often why another seems to be missing.
  if (problems.length > 0) throw badInput(tool, [...problems, ...warnings]);
  return warnings.length > BOUNDS.findings
    ? [...warnings.slice(0, BOUNDS.findings).map(problemLine), "There are more warnings than these."]
    : warnings.map(problemLine);
}

/** The first about each path, and one more than are told of where there are more: nothing is looked for beyond it. */
function firstOf(...sources: readonly Iterable<Problem>[]): Problem[] {
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

function* queryProblemsOf(parts: readonly Part[]): Generator<Problem> {
  for (const { kind, value, path } of parts) {
    if (kind === "condition" && isObject(value["query"])) yield* queryProblems(value["query"], `${path}.query`);
  }
}
