/**
 * Arguments that a tool's record does not know. Portkey's document lags its API, so they go out as given and a warning
 * names them; only what looks like a slip of a known name is refused, with the right one.
 */
import { isObject } from "../../catalog/json.ts";
import { closestHint } from "../../errors/closest-name.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { commonNamesOf, whyNotCommon } from "./own-arguments.ts";
import { isDeclared, placeOfUnknown } from "./places.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { clip } from "../../errors/clip.ts";
import { type Problem } from "./problem.ts";
import { containedName, slipOf } from "./slip.ts";

/** What becomes of arguments that no record knows: PORTKEY_UNKNOWN_FIELDS. */
export type UnknownFields = "send" | "refuse";

/** Of many unknown names, this many are named. */
const NAMED = 20;
/** Names are anybody's text; no name of Portkey's is longer. */
const NAME_LENGTH = 80;

/** A call's arguments that are unknown, by name, and what the call gives and lacks beside them. */
export interface UnknownCall {
  readonly record: ToolRecord;
  readonly names: readonly string[];
  readonly given: Pick<ReadonlySet<string>, "has">;
  /** Required arguments that are not given. */
  readonly missing: readonly string[];
  readonly unknownFields: UnknownFields;
}

/** Which of the names go out, and why the others do not. */
export interface UnknownFindings {
  readonly sent: readonly string[];
  readonly problems: readonly Problem[];
}

export function sortUnknown(call: UnknownCall): UnknownFindings {
  if (call.names.length > BOUNDS.unknownArguments) return { sent: [], problems: [tooMany(call)] };
  const problems: Problem[] = [];
  const sent: string[] = [];
  for (const name of call.names) {
    const text = refusalOf(name, call);
    if (text === undefined) sent.push(name);
    else problems.push({ path: clip(name, NAME_LENGTH), text });
  }
  return { sent, problems };
}

/**
 * The problem of a call that names so many arguments that none is looked at; undefined: it does not. `args` are the
 * caller's, or its `more`.
 */
export function tooWide(record: ToolRecord, args: unknown): Problem | undefined {
  const names = isObject(args) ? Object.keys(args) : [];
  if (names.length <= WIDE) return undefined;
  const common = commonNamesOf(record);
  const unknown = names.filter((name) => !common.has(name) && !isDeclared(record, name));
  return unknown.length > BOUNDS.unknownArguments ? tooMany({ record, names: unknown }) : undefined;
}

/** No tool has nearly as many arguments. */
const WIDE = 1_000;

/** So many are no fields that the document lacks, and each would be compared with all that the tool knows. */
function tooMany({ record, names }: Pick<UnknownCall, "record" | "names">): Problem {
  const some = names.slice(0, 3).map((name) => clip(name, NAME_LENGTH));
  const text = `${names.length} arguments, such as ${some.join(", ")}, are not arguments of ${record.name}`;
  return { path: "", text: `${text}: at most ${BOUNDS.unknownArguments} unknown ones are passed on` };
}

/** The warning that names what goes out unknown; none where nothing does. */
export function sentWarning(record: ToolRecord, sent: readonly string[]): Problem[] {
  if (sent.length === 0) return [];
  const more = sent.length > NAMED ? ` and ${sent.length - NAMED} more` : "";
  const names = sent.slice(0, NAMED).map((name) => clip(name, NAME_LENGTH));
  const [are, they] = sent.length === 1 ? ["is", "it goes"] : ["are", "they go"];
  const text =
    `${are} not documented for ${record.name}: ${they} out as given, ` +
    (placeOfUnknown(record) === "body" ? "in the body" : "in the query");
  return [{ path: `${names.join(", ")}${more}`, text }];
}

/** Why an unknown argument is not sent; undefined: it is. */
function refusalOf(name: string, { record, given, missing, unknownFields }: UnknownCall): string | undefined {
  const why = whyNotCommon(record, name);
  if (why !== undefined) return why;
  const known = [...record.arguments.map((argument) => argument.name), ...commonNamesOf(record)];
  const meant = slipOf(name, known, given) ?? containedName(name, missing);
  if (meant !== undefined) return notAnArgument(record, `; the closest is ${meant}`);
  if (unknownFields === "send" && placeOfUnknown(record) !== undefined && isSendable(name, record)) return undefined;
  return notAnArgument(record, closestHint(name, known, "; its inputSchema has all"));
}

function notAnArgument(record: ToolRecord, hint: string): string {
  return `is not an argument of ${record.name}${hint}`;
}

/** A name that every object inherits names no field, and a query takes only names that cannot end one. */
function isSendable(name: string, record: ToolRecord): boolean {
  if (name === "" || name in Object.prototype) return false;
  return placeOfUnknown(record) === "body" || /^[\w.:[\]-]+$/.test(name);
}
