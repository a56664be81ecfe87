/** Checks the queries of conditions: the gateway's router fails every request at an operator that it does not know. */
import { isObject, type Json } from "../../catalog/json.ts";
import { closestHint } from "../../errors/closest-name.ts";
import { formatPath, type Problem } from "../../portkey/request/problem.ts";
import { COMPARED, JOINS, OPERATORS } from "./gateway-names.ts";

const LISTS: ReadonlySet<string> = new Set(["$in", "$nin"]);

/** Yields a problem for everything in a query that the router cannot evaluate. */
export function* queryProblems(query: Json, path: string): Generator<Problem> {
  for (const [key, value] of Object.entries(query)) {
    const at = under(path, key);
    if (JOINS.includes(key)) {
      yield* joinProblems(key, value, at);
    } else if (key.startsWith("$")) {
      yield { path: at, text: noOperator(key, JOINS, "compares nothing here") };
    } else {
      const isCompared = COMPARED.includes(key.split(".", 1)[0] as string) && key.includes(".");
      if (!isCompared) yield { path: at, text: "compares nothing: begin it with metadata. or params." };
      if (isObject(value)) yield* operatorProblems(value, at);
    }
  }
}

function* joinProblems(key: string, value: unknown, at: string): Generator<Problem> {
  if (!Array.isArray(value)) {
    yield { path: at, text: `must be a list of queries, or ${key} never holds` };
    return;
  }
  for (const [index, query] of value.entries()) {
    if (isObject(query)) yield* queryProblems(query, `${at}[${index}]`);
  }
}

function* operatorProblems(operators: Json, path: string): Generator<Problem> {
  for (const [operator, value] of Object.entries(operators)) {
    const text = operatorProblem(operator, value);
    if (text !== undefined) yield { path: under(path, operator), text };
  }
}

function operatorProblem(operator: string, value: unknown): string | undefined {
  if (!OPERATORS.includes(operator)) return noOperator(operator, OPERATORS, "fails every request");
  if (LISTS.has(operator) && !Array.isArray(value)) return "must be a list, or it never holds";
  if (operator === "$regex" && !isPattern(value)) return "is no regular expression, so it never holds";
  return undefined;
}

function noOperator(name: string, known: readonly string[], effect: string): string {
  return `is no operator of the router and ${effect}${closestHint(name, known)}; it has ${known.join(", ")}`;
}

function isPattern(value: unknown): boolean {
  try {
    return typeof value === "string" && new RegExp(value) instanceof RegExp;
  } catch {
    return false;
  }
}

function under(path: string, name: string): string {
  const member = formatPath([name]);
  return member.startsWith("[") ? path + member : `${path}.${member}`;
}
