/**
 * The calls that the contract tests make: for each operation of the document, arguments sampled from it, and the
 * request they must become.
 */
import type { ToolRecord } from "../../src/catalog/record.ts";
import type { ContractDocument, Place } from "./document.ts";
import { sample, samplesOf, type Fullness } from "./sample.ts";

export interface ContractCall {
  readonly at: string;
  readonly record: ToolRecord;
  readonly fullness: Fullness;
  readonly args: Record<string, unknown>;
  readonly want: {
    readonly method: string;
    readonly path: string;
    readonly query: Record<string, string>;
    readonly body: unknown;
  };
}

const sameOperation = (place: Place) => (record: ToolRecord) =>
  record.method === place.method.toUpperCase() && shapeOf(record.path ?? "") === shapeOf(place.path);
const shapeOf = (path: string) => path.replace(/\{[^}]+\}/g, "{}");

/** The record of the tool that stands for an operation; undefined where there is none. */
export function findRecord(records: readonly ToolRecord[], place: Place): ToolRecord | undefined {
  return records.find(sameOperation(place));
}

/** The calls of one operation: one for each form that its body may have. */
export function sampleCalls(records: readonly ToolRecord[], place: Place, fullness: Fullness): ContractCall[] {
  const record = findRecord(records, place);
  if (!record) throw new Error(`no tool for ${place.at}`);
  const taken = place.parameters.filter(
    ({ required, in: where }) => required || where === "path" || fullness !== "required",
  );
  const parameters = taken.map((parameter) => ({
    ...parameter,
    value: sample(parameter.schema ?? { type: "string" }, fullness === "nulls" ? "full" : fullness, 0, 0),
  }));
  const bodies = place.body ? samplesOf(place.body, fullness) : [undefined];
  return bodies.map((body) => {
    const args: Record<string, unknown> = Object.fromEntries(
      parameters.map(({ name, in: where, value }) => [where === "path" ? snake(name) : name, value]),
    );
    if (Array.isArray(body)) args["entries"] = body;
    else if (record.body === "whole") args["body"] = body;
    else Object.assign(args, body);
    return { at: place.at, record, fullness, args, want: wantedRequest(record, place, parameters, body) };
  });
}

interface Sampled {
  readonly name: string;
  readonly in: string;
  readonly value: unknown;
}

function wantedRequest(
  record: ToolRecord,
  place: Place,
  parameters: readonly Sampled[],
  body: unknown,
): ContractCall["want"] {
  const inPath = parameters.filter(({ in: where }) => where === "path");
  const inQuery = parameters.filter(({ in: where }) => where === "query");
  return {
    method: place.method.toUpperCase(),
    path: inPath.reduce(
      (filled, { name, value }) => filled.replace(`{${name}}`, encodeURIComponent(String(value))),
      place.prefix + place.path,
    ),
    query: Object.fromEntries(inQuery.map(({ name, value }) => [name, String(value)])),
    body: wantedBody(record, body),
  };
}

/** Where nothing is given, a body that the API does not demand is not sent. */
function wantedBody({ body: form, bodyRequired }: ToolRecord, body: unknown): unknown {
  const isEmpty =
    body !== undefined && form !== "whole" && !Array.isArray(body) && Object.keys(body as object).length === 0;
  if (isEmpty && !bodyRequired) return undefined;
  // Samples of the document send an empty body where its schema has none.
  return body ?? (bodyRequired ? {} : undefined);
}

/** The calls of every operation of a document. */
export const sampleEveryCall = (records: readonly ToolRecord[], { places }: ContractDocument, fullness: Fullness) =>
  places.flatMap((place) => sampleCalls(records, place, fullness));

const snake = (name: string) =>
  name
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .replace(/-/g, "_")
    .toLowerCase();
