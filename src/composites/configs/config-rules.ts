/**
 * What a gateway config must and should have beyond its fields' types, which the schema checks: targets for a strategy
 * that chooses among them, conditions that name them, members that are spelt right.
 */
import { distance } from "fastest-levenshtein";
import { isObject, type Json } from "../../catalog/json.ts";
import { badInput, problemLine, type Problem } from "../../portkey/request/problem.ts";
import { textOf } from "../values/portkey-values.ts";

const MEMBERS = [
  "strategy",
  "targets",
  "name",
  "provider",
  "virtual_key",
  "api_key",
  "weight",
  "override_params",
  "retry",
  "cache",
  "request_timeout",
  "custom_host",
  "forward_headers",
  "input_guardrails",
  "output_guardrails",
  "before_request_hooks",
  "after_request_hooks",
  "metadata",
  "strict_open_ai_compliance",
  "passthrough",
  "index",
];
const STRATEGY_MEMBERS = ["mode", "on_status_codes", "conditions", "default"];
const CHOOSING = new Set(["fallback", "loadbalance", "conditional"]);
/** An unknown name within this edit distance of a known one is a typo. Others are settings of a provider's own. */
const mostTypos = 2;

interface Found {
  readonly problems: Problem[];
  readonly warnings: Problem[];
}

/** Warnings as lines; throws BAD_INPUT with the path of each member that is wrong. */
export function checkConfig(tool: string, config: unknown): string[] {
  const found: Found = { problems: [], warnings: [] };
  if (isObject(config)) checkTarget(config, "config", found);
  // A misspelt member is often why another seems to be missing.
  if (found.problems.length > 0) throw badInput(tool, [...found.problems, ...found.warnings]);
  return found.warnings.map(problemLine);
}

function checkTarget(target: Json, path: string, found: Found): void {
  checkSpelling(target, MEMBERS, path, found);
  const targets = Array.isArray(target["targets"]) ? (target["targets"] as unknown[]) : [];
  if (isObject(target["strategy"])) checkStrategy(target["strategy"], targets, path, found);
  targets.forEach((each, index) => {
    if (isObject(each)) checkTarget(each, `${path}.targets[${index}]`, found);
  });
}

function checkStrategy(strategy: Json, targets: readonly unknown[], path: string, found: Found): void {
  const at = `${path}.strategy`;
  checkSpelling(strategy, STRATEGY_MEMBERS, at, found);
  const mode = textOf(strategy["mode"]);
  if (mode === undefined)
    found.problems.push({ path: `${at}.mode`, text: "is required: single, loadbalance, fallback or conditional" });
  if (CHOOSING.has(mode ?? "") && targets.length === 0) {
    found.problems.push({ path: `${path}.targets`, text: `must hold at least one target for the strategy ${mode}` });
  }
  if (
    mode === "loadbalance" &&
    targets.length > 0 &&
    targets.every((target) => isObject(target) && target["weight"] === 0)
  ) {
    found.warnings.push({ path: `${path}.targets`, text: "all have the weight 0, so no target gets traffic" });
  }
  if (mode === "conditional") checkConditions(strategy, targets, at, found);
}

function checkConditions(strategy: Json, targets: readonly unknown[], at: string, found: Found): void {
  const conditions = strategy["conditions"];
  if (!Array.isArray(conditions) || conditions.length === 0) {
    found.problems.push({
      path: `${at}.conditions`,
      text: "must hold at least one {query, then} for the strategy conditional",
    });
    return;
  }
  const names = targets.flatMap((target) => (isObject(target) ? [target["name"]] : []));
  const named = (value: unknown, path: string) => {
    if (typeof value === "string" && !names.includes(value))
      found.warnings.push({ path, text: `names ${JSON.stringify(value)}, which is the name of no target` });
  };
  conditions.forEach((condition, index) => {
    if (isObject(condition)) named(condition["then"], `${at}.conditions[${index}].then`);
  });
  named(strategy["default"], `${at}.default`);
}

function checkSpelling(object: Json, known: readonly string[], path: string, { warnings }: Found): void {
  for (const name of Object.keys(object)) {
    const meant = known.includes(name) ? undefined : known.find((each) => distance(each, name) <= mostTypos);
    if (meant !== undefined)
      warnings.push({
        path: `${path}.${name}`,
        text: `is no member of a config that is known; did you mean ${meant}?`,
      });
  }
}
