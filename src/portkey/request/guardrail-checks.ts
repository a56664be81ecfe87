/**
 * Warns about a guardrail's checks that do not exist or lack a parameter. Such a check fails when it runs, and the
 * gateway lets everything pass then.
 */
import { distance } from "fastest-levenshtein";
import { isObject, type Json } from "../../catalog/json.ts";
import type { JsonSchema } from "../../catalog/record.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { closestHint, closestName } from "../../errors/closest-name.ts";
import { formatPath, jsonType, withArticle, type Problem } from "./problem.ts";

type Checks = Readonly<Record<string, JsonSchema>>;

/** An unknown id within this edit distance of a known one counts as a misspelling of it. */
const MOST_TYPOS = 3;
const PASSES = "the gateway then lets everything pass";

/** Doubts about the `checks` of a guardrail. */
export async function checkGuardrail({ checks }: Json, loadChecks: () => Promise<Checks>): Promise<readonly Problem[]> {
  if (!Array.isArray(checks)) return [];
  const known = await loadChecks();
  const problems: Problem[] = [];
  for (const [index, check] of (checks as readonly unknown[]).entries()) {
    // Each check is compared with many names, and no more problems are listed.
    if (problems.length >= BOUNDS.listed) break;
    for (const problem of checkProblems(check, `checks[${index}]`, known)) problems.push(problem);
  }
  return problems;
}

function checkProblems(check: unknown, at: string, known: Checks): Problem[] {
  if (!isObject(check) || typeof check["id"] !== "string") return [];
  const { id, parameters = {} } = check;
  const schema = id !== "every" && Object.hasOwn(known, id) ? known[id] : undefined;
  if (schema === undefined) return [{ path: `${at}.id`, text: unknownIdText(id, known) }];
  if (schema.properties === undefined || !isObject(parameters)) return [];
  const takes: Parameters = {
    id,
    own: Object.keys(schema.properties),
    all: { ...known["every"]?.properties, ...schema.properties },
  };
  const path = (name: string) => `${at}.${formatPath(["parameters", name])}`;
  const missing = (schema.required ?? []).filter((name) => parameters[name] === undefined);
  const problems = missing.map((name) => ({ path: path(name), text: `is missing: ${PASSES}` }));
  for (const [name, value] of Object.entries(parameters)) {
    if (problems.length >= BOUNDS.listed) break;
    const text = parameterProblem(takes, name, value);
    if (text !== undefined) problems.push({ path: path(name), text });
  }
  return problems;
}

/** The parameters of a check: its own, and all including those that every check takes. */
interface Parameters {
  readonly id: string;
  readonly own: readonly string[];
  readonly all: Readonly<Record<string, JsonSchema>>;
}

function parameterProblem({ id, own, all }: Parameters, name: string, value: unknown): string | undefined {
  const parameter = Object.hasOwn(all, name) ? all[name] : undefined;
  if (parameter === undefined) return `is no parameter of ${id}${suggestParameter(name, own)}`;
  const types = ([] as unknown[]).concat(parameter["type"] ?? []);
  if (types.length > 0 && !types.includes(jsonType(value))) {
    const wanted = types.map((type) => withArticle(String(type))).join(" or ");
    return `must be ${wanted}, got ${withArticle(jsonType(value))}: ${PASSES}`;
  }
  const values = parameter.enum;
  if (values !== undefined && !values.includes(value)) return `is not among the known values: ${values.join(", ")}`;
  return undefined;
}

function suggestParameter(name: string, own: readonly string[]): string {
  return own.length === 0 ? ", which takes none" : `${closestHint(name, own)}; it takes ${own.join(", ")}`;
}

function unknownIdText(id: string, known: Checks): string {
  const ids = Object.keys(known).filter((candidate) => candidate !== "every");
  const closest = closestName(id, ids);
  if (closest !== undefined && distance(id.toLowerCase(), closest.toLowerCase()) <= MOST_TYPOS)
    return `is no check; the gateway has ${closest}`;
  const plugin = id.split(".")[0] as string;
  const sameName = ids.filter((candidate) => candidate.split(".")[1] === id);
  const similar = sameName.length > 0 ? sameName : ids.filter((candidate) => candidate.startsWith(`${plugin}.`));
  const instead = similar.length === 0 ? "" : `; known is ${similar.join(", ")}`;
  return `is no check that is known${instead}. If the gateway lacks it, everything passes`;
}
