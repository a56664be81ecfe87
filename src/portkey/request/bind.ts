/**
 * Binds arguments to the places of a request, by the record alone. Nothing is added, converted or left out: a value
 * that its place cannot carry becomes a problem.
 *
 * Query values go out as openapi-fetch writes them by default: an array as `name=a&name=b`, an object as
 * `name[key]=value`, everything percent-encoded.
 */
import { isObject } from "../../catalog/json.ts";
import type { BodyStyle, Place, ToolRecord } from "../../catalog/record.ts";
import { isDeclared, unknownPlace } from "./places.ts";
import { isHeaderText } from "./header-text.ts";
import { segmentProblem } from "./path-segment.ts";
import { jsonType, withArticle, type Problem } from "./problem.ts";

export interface BoundRequest {
  /** By Portkey's parameter names; strings or whole numbers. */
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly header: Readonly<Record<string, unknown>>;
  /** The value to send as JSON; undefined: the request has no body. */
  readonly body: unknown;
}

export interface Bound extends BoundRequest {
  readonly problems: readonly Problem[];
}

interface Placed {
  readonly name: string;
  readonly api: string;
  readonly value: unknown;
}

/** Binds `values`. Those with the place `own` are skipped; unknown ones go into the body of a write, else the query. */
export function bind(record: ToolRecord, values: Readonly<Record<string, unknown>>): Bound {
  const problems: Problem[] = [];
  const placed = placeValues(record, values);
  for (const { name, value } of placed.path) addProblem(name, pathProblem(value), problems);
  for (const { name, value } of placed.query) addProblem(name, queryProblem(value), problems);
  for (const { name, value } of placed.header) addProblem(name, headerProblem(value), problems);
  return {
    path: byApiName(placed.path),
    query: byApiName(placed.query),
    header: byApiName(placed.header),
    body: bindBody(record, values, placed.body, problems),
    problems,
  };
}

/** The values by place, in the record's order; unknown ones last. */
function placeValues(record: ToolRecord, values: Readonly<Record<string, unknown>>): Record<Place, Placed[]> {
  const placed: Record<Place, Placed[]> = { path: [], query: [], header: [], body: [], own: [] };
  for (const { name, api, place } of record.arguments) {
    if (Object.hasOwn(values, name)) placed[place].push({ name, api, value: values[name] });
  }
  const placeOfOthers = unknownPlace(record);
  if (placeOfOthers === undefined) return placed;
  for (const [name, value] of Object.entries(values)) {
    if (!isDeclared(record, name)) placed[placeOfOthers].push({ name, api: name, value });
  }
  return placed;
}

function byApiName(placed: readonly Placed[]): Record<string, unknown> {
  return Object.fromEntries(placed.map(({ api, value }) => [api, value]));
}

function addProblem(path: string, text: string | undefined, problems: Problem[]): void {
  if (text !== undefined) problems.push({ path, text });
}

/** The argument that is the whole body, by body style; a call that gives it cannot give fields. */
const WHOLE: Partial<Record<BodyStyle, string>> = { whole: "body", "fields-or-list": "entries" };

function bindBody(
  record: ToolRecord,
  values: Readonly<Record<string, unknown>>,
  placed: readonly Placed[],
  problems: Problem[],
): unknown {
  const whole = WHOLE[record.body];
  const fields = placed.filter(({ name }) => name !== whole);
  if (whole !== undefined && Object.hasOwn(values, whole)) {
    for (const { name } of fields) {
      const text = `cannot stand beside ${whole}: put it into ${whole === "entries" ? "each entry" : whole}`;
      problems.push({ path: name, text });
    }
    return values[whole];
  }
  return fields.length > 0 || record.bodyRequired === true ? byApiName(fields) : undefined;
}

function pathProblem(value: unknown): string | undefined {
  if (typeof value === "number" && Number.isSafeInteger(value)) return undefined;
  if (typeof value !== "string") return `must be a string, got ${withArticle(jsonType(value))}`;
  return textProblem(value) ?? segmentProblem(value);
}

function queryProblem(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    if (value.length === 0) return "must not be an empty list, which a query cannot carry: leave it out";
    return value.map(scalarProblem).find((text) => text !== undefined);
  }
  if (!isObject(value)) return scalarProblem(value);
  const members = Object.entries(value);
  if (members.length === 0) return "must not be an empty object, which a query cannot carry: leave it out";
  // openapi-fetch does not encode these names, so one with & or = would become another parameter.
  if (members.some(([name]) => !/^[\w.:-]+$/.test(name))) return "has a member whose name a query cannot carry";
  return members.map(([, member]) => scalarProblem(member)).find((text) => text !== undefined);
}

function headerProblem(value: unknown): string | undefined {
  if (value === null) return "must not be null, which a header cannot carry: leave it out";
  if (typeof value === "object") return `must be text, got ${withArticle(jsonType(value))}: a header carries no more`;
  return isHeaderText(String(value)) ? undefined : "holds characters that a header cannot carry";
}

function scalarProblem(value: unknown): string | undefined {
  if (value === null) return "must not be null, which a query cannot carry: leave it out";
  if (typeof value === "object") return "is nested deeper than a query can carry";
  return typeof value === "string" ? textProblem(value) : undefined;
}

function textProblem(value: string): string | undefined {
  return /\p{Surrogate}/u.test(value) ? "contains half of a surrogate pair, which a URL cannot carry" : undefined;
}
