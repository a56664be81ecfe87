/**
 * What a gateway config must and should have beyond its fields' types, which the schema checks. Most of what is found
 * is a warning, because Portkey may store a form that this server does not know yet; an error is only what cannot work.
 */
import { isObject } from "../../catalog/json.ts";
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
  const problems = parts.flatMap((part) => brokenRules(part, true));
  const warnings = [
    ...(loadSchemas === undefined ? [] : unknownMembers(config, await loadSchemas())),
    ...parts.flatMap((part) => [...brokenRules(part, false), ...queryProblemsOf(part)]),
  ];
  // A misspelt member is often why another seems to be missing.
  if (problems.length > 0) throw badInput(tool, [...problems, ...warnings]);
  const firsts = warnings.filter(({ path }, at) => warnings.findIndex((other) => other.path === path) === at);
  return firsts.map(problemLine);
}

function brokenRules(part: Part, errors: boolean): Problem[] {
  return RULES.filter((rule) => rule.about === part.kind && (rule.error ?? false) === errors).flatMap((rule) => {
    const text = rule.broken(part.value, part.target);
    const path = rule.member === "" ? part.path : `${part.path}.${rule.member}`;
    return text === false ? [] : [{ path, text }];
  });
}

function queryProblemsOf({ kind, value, path }: Part): Problem[] {
  return kind === "condition" && isObject(value["query"]) ? queryProblems(value["query"], `${path}.query`) : [];
}
