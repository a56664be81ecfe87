/** What the router understands of a condition's query; it fails the request at an operator that it lacks. */
import { isObject, type Json } from "../../catalog/json.ts";
import { closestName } from "../../errors/closest-name.ts";
import { formatPath, type Problem } from "../../portkey/request/problem.ts";
import { COMPARED, JOINS, OPERATORS } from "./gateway-names.ts";

const LISTS: ReadonlySet<string> = new Set(["$in", "$nin"]);

/** Everything in a query that the router cannot evaluate, with its path. */
export function queryProblems(query: Json, path: string): Problem[] {
  return Object.entries(query).flatMap(([key, value]) => {
    const at = under(path, key);
    if (JOINS.includes(key)) return joinProblems(key, value, at);
    if (key.startsWith("$")) return [{ path: at, text: noOperator(key, JOINS, "compares nothing here") }];
    const compared =
      COMPARED.includes(key.split(".")[0] as string) && key.includes(".")
        ? []
        : [{ path: at, text: "compares nothing: begin it with metadata. or params." }];
    return [...compared, ...(isObject(value) ? operatorProblems(value, at) : [])];
  });
}

function joinProblems(key: string, value: unknown, at: string): Problem[] {
  if (!Array.isArray(value)) return [{ path: at, text: `must be a list of queries, or ${key} never holds` }];
  return value.flatMap((each, index) => (isObject(each) ? queryProblems(each, `${at}[${index}]`) : []));
}

function operatorProblems(operators: Json, path: string): Problem[] {
  return Object.entries(operators).flatMap(([operator, value]) => {
    const at = under(path, operator);
    if (!OPERATORS.includes(operator))
      return [{ path: at, text: noOperator(operator, OPERATORS, "fails every request") }];
    if (LISTS.has(operator) && !Array.isArray(value)) return [{ path: at, text: "must be a list, or it never holds" }];
    if (operator === "$regex" && !isPattern(value))
      return [{ path: at, text: "is no regular expression, so it never holds" }];
    return [];
  });
}

function noOperator(name: string, known: readonly string[], effect: string): string {
  const closest = closestName(name, known);
  return `is no operator of the router and ${effect}; the closest is ${closest}, of ${known.join(", ")}`;
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
