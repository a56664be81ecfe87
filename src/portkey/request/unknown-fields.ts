/**
 * Decides about arguments that a tool's record does not declare. Portkey's document lags its API, so they are sent as
 * given, with a warning. One that looks like a misspelling of a known name is refused, and the error names that one.
 */
import { isObject } from "../../catalog/json.ts";
import { closestHint } from "../../errors/closest-name.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { commonArgumentNames, whyNotCommon } from "./own-arguments.ts";
import { isDeclared, unknownPlace } from "./places.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { clip } from "../../errors/clip.ts";
import { type Problem } from "./problem.ts";
import { findContained, findMisspelt } from "./slip.ts";

/** Whether unknown arguments are sent or refused: PORTKEY_UNKNOWN_FIELDS. */
export type UnknownFields = "send" | "refuse";

/** How many unknown names a warning lists. */
const NAMED = 20;
/** Characters of an unknown name in a message; Portkey's names are shorter. */
const NAME_LENGTH = 80;

/** The names of a call's unknown arguments, and the known ones that it gives and lacks. */
export interface UnknownCall {
  readonly record: ToolRecord;
  readonly names: readonly string[];
  readonly given: Pick<ReadonlySet<string>, "has">;
  /** Required arguments that are not given. */
  readonly missing: readonly string[];
  readonly unknownFields: UnknownFields;
}

/** The unknown names that are sent, and a problem for each other. */
export interface UnknownFindings {
  readonly sent: readonly string[];
  readonly problems: readonly Problem[];
}

export function sortUnknown(call: UnknownCall): UnknownFindings {
  if (call.names.length > BOUNDS.unknownArguments) return { sent: [], problems: [tooManyProblem(call)] };
  const problems: Problem[] = [];
  const sent: string[] = [];
  for (const name of call.names) {
    const text = refusalText(name, call);
    if (text === undefined) sent.push(name);
    else problems.push({ path: clip(name, NAME_LENGTH), text });
  }
  return { sent, problems };
}

/**
 * The problem of a call with more unknown arguments than the bound; undefined for any other call.
 * Asked before the arguments are read, so that an oversized call costs little. `args` are the caller's, or its `more`.
 */
export function findTooMany(record: ToolRecord, args: unknown): Problem | undefined {
  const names = isObject(args) ? Object.keys(args) : [];
  if (names.length <= WIDE) return undefined;
  const common = commonArgumentNames(record);
  const unknown = names.filter((name) => !common.has(name) && !isDeclared(record, name));
  return unknown.length > BOUNDS.unknownArguments ? tooManyProblem({ record, names: unknown }) : undefined;
}

/** Only calls with more arguments than this are examined; no tool has nearly as many. */
const WIDE = 1_000;

/** So many cannot be undocumented fields, and each would be compared with every known name. */
function tooManyProblem({ record, names }: Pick<UnknownCall, "record" | "names">): Problem {
  const some = names.slice(0, 3).map((name) => clip(name, NAME_LENGTH));
  const text = `${names.length} arguments, such as ${some.join(", ")}, are not arguments of ${record.name}`;
  return { path: "", text: `${text}: at most ${BOUNDS.unknownArguments} unknown ones are passed on` };
}

/** The warning that lists the unknown arguments that are sent; empty where there are none. */
export function warnOfUnknown(record: ToolRecord, sent: readonly string[]): Problem[] {
  if (sent.length === 0) return [];
  const more = sent.length > NAMED ? ` and ${sent.length - NAMED} more` : "";
  const names = sent.slice(0, NAMED).map((name) => clip(name, NAME_LENGTH));
  const [are, they] = sent.length === 1 ? ["is", "it goes"] : ["are", "they go"];
  const text =
    `${are} not documented for ${record.name}: ${they} out as given, ` +
    (unknownPlace(record) === "body" ? "in the body" : "in the query");
  return [{ path: `${names.join(", ")}${more}`, text }];
}

/** Why an unknown argument is not sent; undefined where it is sent. */
function refusalText(name: string, { record, given, missing, unknownFields }: UnknownCall): string | undefined {
  const why = whyNotCommon(record, name);
  if (why !== undefined) return why;
  const known = [...record.arguments.map((argument) => argument.name), ...commonArgumentNames(record)];
  const meant = findMisspelt(name, known, given) ?? findContained(name, missing);
  if (meant !== undefined) return notAnArgumentText(record, `; the closest is ${meant}`);
  if (unknownFields === "send" && unknownPlace(record) !== undefined && isSendable(name, record)) return undefined;
  return notAnArgumentText(record, closestHint(name, known, "; its inputSchema has all"));
}

function notAnArgumentText(record: ToolRecord, hint: string): string {
  return `is not an argument of ${record.name}${hint}`;
}

/** Names inherited by every object are never sent; in a query, nor are names with characters that end a name. */
function isSendable(name: string, record: ToolRecord): boolean {
  if (name === "" || name in Object.prototype) return false;
  return unknownPlace(record) === "body" || /^[\w.:[\]-]+$/.test(name);
}
