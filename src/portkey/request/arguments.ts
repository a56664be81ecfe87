/**
 * Sorts a caller's arguments: those for Portkey, those for this server, and unknown ones.
 * null counts as absent in arguments for this server, the query or a header.
 * Values are never copied, converted or completed.
 */
import { isDeepStrictEqual } from "node:util";
import { isObject } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { inspectJson, type Inspection } from "../../errors/nesting.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import type { Kind } from "../keys/choose-kind.ts";
import type { FieldPath } from "../response/fields.ts";
import { readKeyChoice } from "./key-choice.ts";
import { commonArgumentNames, isCommonName, readMore, readOwnArguments, type Remarks } from "./own-arguments.ts";
import { isDeclared, findPlace } from "./places.ts";
import { jsonType, withArticle, type Problem } from "./problem.ts";
import { readTextAs, READ_AS_JSON } from "./text-values.ts";
import { warnOfUnknown, sortUnknown, findTooMany, type UnknownFields, type UnknownFindings } from "./unknown-fields.ts";

/** Gemini CLI adds this argument to every call. */
const DROPPED = "wait_for_previous";

export interface ParsedArguments {
  /** All arguments but the common ones, by name, with `more` merged in; values as given. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly dryRun: boolean;
  readonly allPages: boolean;
  /** Whether the answer should have names beside its ids. */
  readonly names: boolean;
  readonly fields: readonly FieldPath[] | undefined;
  /** The kind of Portkey key that the call asks for. */
  readonly key: Kind | undefined;
  /** Whether a number may have lost digits in parsing. */
  readonly inexact: boolean;
  /** `fields` as the caller wrote it. */
  readonly fieldsGiven: unknown;
  readonly problems: readonly Problem[];
  /** Values that were converted from text, and unknown arguments that are sent nevertheless. */
  readonly notes: readonly Problem[];
}

/** The result of the check, stored on the checked arguments: request and result need it again. */
const CHECKED = Symbol("read");

type WithChecked<Call> =
  { readonly [CHECKED]?: { readonly record: ToolRecord; readonly call: Call } } | null | undefined;

/**
 * Stores a checked call on its arguments, which must be this server's own copy and not change any more.
 * It is not enumerable, so copies do not take it along. A WeakMap would cost more than reading the arguments again.
 */
export function storeChecked(
  record: ToolRecord,
  call: { readonly args: object; readonly parsed: ParsedArguments },
): void {
  Object.defineProperty(call.args, CHECKED, { value: { record, call } });
}

/** The call that `storeChecked` stored on these arguments, if it was for this record. */
export function findChecked<Call extends { readonly parsed: ParsedArguments }>(
  record: ToolRecord,
  args: unknown,
): Call | undefined {
  const kept = (args as WithChecked<Call>)?.[CHECKED];
  return kept?.record === record ? kept.call : undefined;
}

/**
 * Sorts `args` for `record`. Does not throw: everything wrong is in `problems`.
 * An argument of the API takes precedence over a common one of the same name.
 */
export function readArguments(
  record: ToolRecord,
  args: unknown,
  unknownFields: UnknownFields = "send",
): ParsedArguments {
  const kept = findChecked(record, args);
  if (kept !== undefined) return kept.parsed;
  const wide = findTooMany(record, args) ?? findTooMany(record, isObject(args) ? args["more"] : undefined);
  if (wide !== undefined) return { ...NO_ARGUMENTS, problems: [wide] };
  const { tooMuch, inexact } = inspectJson(args, BOUNDS.depth, BOUNDS.argumentValues);
  if (tooMuch !== undefined) return { ...NO_ARGUMENTS, problems: [sizeProblem(tooMuch)] };
  const remarks: Remarks = { problems: [], notes: [] };
  const commonNames = commonArgumentNames(record);
  const all = flatten(record, args, commonNames.has("more"), remarks);
  const values = new Map<string, unknown>();
  const common = new Map<string, unknown>();
  const unknown: string[] = [];
  for (const [name, value] of all) {
    if (commonNames.has(name)) common.set(name, value);
    else if (isDeclared(record, name)) values.set(name, value);
    else if (name !== DROPPED) unknown.push(name);
  }
  const missing = missingArguments(record, values);
  const call = { record, names: unknown, given: all, missing, unknownFields };
  const { sent, problems } = unknown.length === 0 ? NOTHING_UNKNOWN : sortUnknown(call);
  for (const name of sent) values.set(name, all.get(name));
  for (const problem of problems) remarks.problems.push(problem);
  for (const path of missing) remarks.problems.push({ path, text: "is required" });
  for (const note of warnOfUnknown(record, sent)) remarks.notes.push(note);
  const own = readOwnArguments(common, remarks);
  const key = readKeyChoice(record, values, common, remarks.problems);
  return { values: Object.fromEntries(values), inexact, ...own, key, ...remarks };
}

const NOTHING_UNKNOWN: UnknownFindings = { sent: [], problems: [] };

const NO_ARGUMENTS = {
  values: {},
  dryRun: false,
  allPages: false,
  names: false,
  fields: undefined,
  key: undefined,
  fieldsGiven: undefined,
  inexact: false,
  notes: [],
} as const;

/** The problem of arguments so large that checking them would block the event loop for long, or fail. */
function sizeProblem(tooMuch: NonNullable<Inspection["tooMuch"]>): Problem {
  const text =
    tooMuch === "deep"
      ? `the arguments are nested deeper than ${BOUNDS.depth} levels: flatten them`
      : `the arguments hold more than ${BOUNDS.argumentValues} values: send them in parts`;
  return { path: "", text };
}

/** The arguments with the members of `more` among them, without those that count as absent. */
function flatten(record: ToolRecord, args: unknown, takesMore: boolean, remarks: Remarks): Map<string, unknown> {
  const all = new Map<string, unknown>();
  const given = argumentsObject(args, remarks);
  const more = takesMore ? readMore(record, given["more"], remarks) : undefined;
  for (const [name, value] of Object.entries(given)) {
    if (!isAbsent(record, name, value) && !(name === "more" && takesMore)) all.set(name, value);
  }
  for (const [name, value] of Object.entries(more ?? {})) {
    if (isAbsent(record, name, value)) continue;
    if (name === "more") {
      remarks.problems.push({ path: "more.more", text: "is one level too deep: put its members into more" });
    } else if (all.has(name) && !isDeepStrictEqual(all.get(name), value)) {
      const text = `is given twice, beside more and in it, with different values: give it once`;
      remarks.problems.push({ path: name, text });
    } else all.set(name, value);
  }
  return all;
}

function argumentsObject(args: unknown, { problems, notes }: Remarks): Readonly<Record<string, unknown>> {
  if (args === undefined || args === null) return {};
  if (isObject(args)) return args;
  const read = readTextAs(args, ["object"]);
  if (isObject(read?.value)) {
    notes.push({ path: "arguments", text: READ_AS_JSON });
    return read.value;
  }
  problems.push({ path: "", text: `the arguments must be an object, got ${withArticle(jsonType(args))}` });
  return {};
}

/**
 * Whether a value counts as absent: undefined, and null in the query, in a header or for this server.
 * A null in the body is sent, and one in the path is a problem.
 */
function isAbsent(record: ToolRecord, name: string, value: unknown): boolean {
  if (value === undefined) return true;
  if (value !== null) return false;
  if (isCommonName(name) && !isDeclared(record, name)) return true;
  const place = findPlace(record, name);
  return place !== "body" && place !== "path";
}

function missingArguments(record: ToolRecord, values: ReadonlyMap<string, unknown>): string[] {
  const list = record.body === "fields-or-list" && values.has("entries");
  return record.arguments
    .filter(({ name, place, required }) => required && !values.has(name) && !(list && place === "body"))
    .map(({ name }) => name);
}
