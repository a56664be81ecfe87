/**
 * Binds arguments to the places of a request, by the record alone. Nothing is added, converted or left out: what cannot
 * be put into its place as it is becomes a problem.
 *
 * Query values go out as openapi-fetch writes them by default: an array as `name=a&name=b`, an object as
 * `name[key]=value`, everything percent-encoded.
 */
import { isObject } from "../../catalog/json.ts";
import type { Argument, ToolRecord } from "../../catalog/record.ts";
import { jsonType, withArticle, type Problem } from "./problem.ts";

export interface BoundRequest {
  /** By Portkey's parameter names; strings or whole numbers. */
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** undefined: the request has no body. */
  readonly body: unknown;
}

export interface Bound extends BoundRequest {
  readonly problems: readonly Problem[];
}

/** Where each of `values` goes. `values` are a record's declared arguments, `own` ones are passed over. */
export function bind(record: ToolRecord, values: Readonly<Record<string, unknown>>): Bound {
  const problems: Problem[] = [];
  const valuesIn = (place: Argument["place"]): [Argument, unknown][] =>
    record.arguments
      .filter((argument) => argument.place === place && Object.hasOwn(values, argument.name))
      .map((argument) => [argument, values[argument.name]]);
  for (const [{ name }, value] of valuesIn("path")) check(name, pathProblem(value), problems);
  for (const [{ name }, value] of valuesIn("query")) check(name, queryProblem(value), problems);
  const byApiName = ([{ api }, value]: [Argument, unknown]): [string, unknown] => [api, value];
  return {
    path: Object.fromEntries(valuesIn("path").map(byApiName)),
    query: Object.fromEntries(valuesIn("query").map(byApiName)),
    body: bodyOf(record, values, Object.fromEntries(valuesIn("body").map(byApiName)), problems),
    problems,
  };
}

function check(path: string, text: string | undefined, problems: Problem[]): void {
  if (text !== undefined) problems.push({ path, text });
}

function bodyOf(
  record: ToolRecord,
  values: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, unknown>>,
  problems: Problem[],
): unknown {
  if (record.body === "none") return undefined;
  if (record.body === "whole" && Object.hasOwn(values, "body")) return values["body"];
  if (record.body === "fields-or-list" && Object.hasOwn(values, "entries")) {
    const besideEntries = record.arguments.filter(
      ({ name, place }) => place === "body" && name !== "entries" && Object.hasOwn(values, name),
    );
    for (const { name } of besideEntries)
      problems.push({ path: name, text: "cannot stand beside entries: put it into each entry" });
    return values["entries"];
  }
  return Object.keys(fields).length > 0 || record.bodyRequired === true ? fields : undefined;
}

/** An id must stay one segment of the path: anything that would climb, vanish or split it is refused. */
function pathProblem(value: unknown): string | undefined {
  if (typeof value === "number" && Number.isSafeInteger(value)) return undefined;
  if (typeof value !== "string") return `must be a string, got ${withArticle(jsonType(value))}`;
  if (value === "") return "must not be empty";
  if (value === "." || value === "..") return `must be an id, not ${JSON.stringify(value)}`;
  if (/[\u0000-\u001f\u007f-\u009f]/.test(value)) return "must not contain control characters";
  return textProblem(value);
}

function queryProblem(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    if (value.length === 0) return "must not be an empty list, which a query cannot carry: leave it out";
    return value.map(scalarProblem).find((text) => text !== undefined);
  }
  if (!isObject(value)) return scalarProblem(value);
  const members = Object.entries(value);
  if (members.length === 0) return "must not be an empty object, which a query cannot carry: leave it out";
  // openapi-fetch writes these names as they are, so a name with & or = would become another parameter.
  if (members.some(([name]) => !/^[\w.:-]+$/.test(name))) return "has a member whose name a query cannot carry";
  return members.map(([, member]) => scalarProblem(member)).find((text) => text !== undefined);
}

function scalarProblem(value: unknown): string | undefined {
  if (value === null) return "must not be null, which a query cannot carry: leave it out";
  if (typeof value === "object") return "is nested deeper than a query can carry";
  return typeof value === "string" ? textProblem(value) : undefined;
}

function textProblem(value: string): string | undefined {
  return /\p{Surrogate}/u.test(value) ? "contains half of a surrogate pair, which a URL cannot carry" : undefined;
}
