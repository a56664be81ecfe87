/**
 * Makes the result that a caller gets of an answer: Portkey's body, whole where it fits. This server's own members
 * (`has_more`, `next`, `_cut`, `changed`) are added beside Portkey's and never replace one. A bare array that needs
 * them becomes `{data: [...]}`.
 *
 * Only a read's answer is cut: a write's may hold a secret that is shown once, or a completion that was paid for, and
 * cannot be requested again. `fields` does not apply to a write's answer that holds a secret either.
 */
import { isObject, type Json } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { clip } from "../../errors/clip.ts";
import { wordOrQuoted } from "../../errors/foreign-text.ts";
import { keyArgumentName } from "../../catalog/key-argument.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { isSecretName } from "../../log/secret-names.ts";
import { readArguments, type ParsedArguments } from "../request/arguments.ts";
import { bytesBesideItems, truncateList, truncateObject, type Truncation } from "./truncate.ts";
import { findShortfall, findLastPageShortfall, shortfallText, type Shortfall } from "./completeness.ts";
import { pickFields, type FieldPath } from "./fields.ts";
import { jsonBytes, JsonSizes } from "./json-size.ts";
import { compactJson, LONGEST_KEPT, withMembers } from "./json-text.ts";
import { findList, isEnvelopeMember, type FoundList } from "./lists.ts";
import { isSilentAnswer } from "./empty-answer.ts";
import { pageInfo, type PageInfo } from "./pages.ts";
import type { Answer } from "../port.ts";

export interface CallResult {
  /** The value for the caller; a string is sent as it is, anything else as compact JSON. */
  readonly body: unknown;
  /** `body` as text. */
  readonly text: string;
  /** Absent where nothing was sent. */
  readonly status?: number;
  readonly requestId?: string;
  readonly traceId?: string;
  readonly warnings: readonly string[];
  readonly notes?: readonly string[];
  /** Members that Portkey answered under names that this server gives its own. */
  readonly theirs?: readonly string[];
}

export interface ResultOptions {
  /** Bytes of the text in UTF-8; slightly more is possible where a single value cannot be cut further. */
  readonly maxResultBytes: number;
  /** The position of the answer's list, where it is joined from several pages. */
  readonly page?: PageInfo;
  /** The written fields, read back after a write whose answer does not show them. */
  readonly now?: Json | undefined;
}

/** What this server adds to an answer, in its own words, where Portkey has no such member. */
export const OWN_MEMBERS: readonly string[] = ["_cut", "has_more", "next", "changed", "ok"];

/** Bytes for `has_more`, `next` and `_cut` in a cut answer, without the arguments that they repeat. */
const NOTES_BYTES = 900;

/** The result of a call. The caller's `args` are repeated in the arguments that fetch the rest. */
export function toResult(record: ToolRecord, answer: Answer, args: Json, options: ResultOptions): CallResult {
  const parsed = readArguments(record, args);
  const complete = completeAnswer(record, answer, parsed);
  const whole = options.now !== undefined && isObject(complete) ? { ...complete, now: options.now } : complete;
  const list = findList(whole);
  const base = { ...parsed.values, ...repeatedArguments(record, args, parsed) };
  const read = list && { values: parsed.values, body: whole, list };
  const page = options.page ?? (record.paging && read ? pageInfo(record.paging, read, base) : undefined);

  const shortfall = findShortfallIn(record, whole, page, options);
  const paths = parsed.fields && resolvePaths(parsed.fields, whole, list);
  const { body, warnings } = applyFields(record, whole, paths, list);
  const notes = page === undefined ? {} : { has_more: page.hasMore, ...(page.next && { next: page.next }) };
  const theirs = isObject(answer.body) ? OWN_MEMBERS.filter((name) => Object.hasOwn(answer.body as Json, name)) : [];
  const done = (value: unknown, text = toText(value)): CallResult => ({
    body: value,
    text,
    ...(theirs.length > 0 && { theirs }),
    status: answer.status,
    ...(answer.requestId !== undefined && { requestId: answer.requestId }),
    ...(answer.traceId !== undefined && { traceId: answer.traceId }),
    ...(answer.notes !== undefined && { notes: answer.notes }),
    warnings: [...answer.warnings, ...(shortfall ? [shortfallText(shortfall)] : []), ...warnings],
  });
  const sizes = new JsonSizes();
  // A long answer that will be cut is only measured: writing it as well would take as long again.
  const isCut = record.risk === "read" && isLong(answer) && sizes.of(body) > options.maxResultBytes;
  const text = isCut ? undefined : wholeText(body, answer, notes);
  if (text !== undefined && (record.risk !== "read" || Buffer.byteLength(text) <= options.maxResultBytes))
    return done(mergeNotes(body, notes), text);

  const maxBytes = Math.max(options.maxResultBytes - NOTES_BYTES - 2 * jsonBytes(base), 200);
  const truncateOptions = { record, args: base, fields: paths, maxBytes, sizes };
  const shown = findList(body);
  // An answer may also be large because of members beside its list.
  const isInList = shown !== undefined && shown.items.length > 0 && bytesBesideItems(body, shown, sizes) < maxBytes / 2;
  const truncation = isInList
    ? truncateList(body, shown, page, truncateOptions)
    : truncateObject(body, truncateOptions);
  return done(withTruncationNote(truncation, notes));
}

/** The text of the whole result; Portkey's own text where the body is unchanged. */
function wholeText(body: unknown, answer: Answer, notes: Json): string {
  const json = intactJson(body, answer);
  if (json === undefined) return toText(mergeNotes(body, notes));
  return withMembers(compactJson(json), isObject(body) ? notesWithoutClash(body, notes) : notes);
}

/** The shortfall of one page or list; a walk over several pages has compared its items with the total already. */
function findShortfallIn(
  record: ToolRecord,
  body: unknown,
  page: PageInfo | undefined,
  options: ResultOptions,
): Shortfall | undefined {
  if (options.page !== undefined || record.composite !== undefined) return undefined;
  return page === undefined ? findShortfall(record, body) : findLastPageShortfall(body, page);
}

/** Portkey's body; where it is empty or only reports success, a description of the call. */
function completeAnswer(record: ToolRecord, { body, status }: Answer, parsed: ParsedArguments): unknown {
  if (record.risk === "read")
    return body === undefined ? { ok: true, status, note: "The API answered with an empty body" } : body;
  if (!isSilentAnswer({ body })) return body;
  const namesAt = (...places: readonly string[]): string[] =>
    record.arguments
      .filter(({ name, place }) => places.includes(place) && Object.hasOwn(parsed.values, name))
      .map(({ name }) => name);
  const ids = Object.fromEntries(namesAt("path").map((name) => [name, parsed.values[name]]));
  const changed = { tool: record.name, ids, fields: namesAt("body", "query") };
  return { ...(isObject(body) ? body : {}), ok: true, changed };
}

/**
 * The paths as they apply to this answer: one that begins with none of its members is applied to the items of its list,
 * or to the object in `data`.
 */
function resolvePaths(paths: readonly FieldPath[], body: unknown, list: FoundList | undefined): readonly FieldPath[] {
  const wrapper = list?.member ?? (isObject(body) && isObject(body["data"]) ? "data" : "");
  if (wrapper === "" || !isObject(body)) return paths;
  return paths.map((path) => {
    const first = path[0];
    const isTop = first === undefined || first.name === "" || Object.hasOwn(body, first.name);
    return isTop ? path : [{ name: wrapper }, ...path];
  });
}

function applyFields(
  record: ToolRecord,
  body: unknown,
  paths: readonly FieldPath[] | undefined,
  list: FoundList | undefined,
): { body: unknown; warnings: string[] } {
  if (paths === undefined) return { body, warnings: [] };
  if (record.risk !== "read" && holdsSecret(body)) {
    return { body, warnings: ["fields was not applied: the answer holds a secret that is shown only once"] };
  }
  const { value, missed } = pickFields(
    body,
    paths,
    (name, member) => list !== undefined && isEnvelopeMember(name, member),
  );
  if (missed.length === 0) return { body: value, warnings: [] };
  const sample = list === undefined ? body : (list.items[0] ?? body);
  const names = isObject(sample) ? Object.keys(sample).slice(0, 30) : [];
  const known = names.length > 0 ? `; there are: ${names.map((name) => wordOrQuoted(name, 60)).join(", ")}` : "";
  const asked = missed.slice(0, BOUNDS.listed).map((path) => clip(path));
  return { body: value, warnings: [`fields: the answer has nothing at ${asked.join(", ")}${known}`] };
}

function holdsSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsSecret);
  if (!isObject(value)) return false;
  return Object.entries(value).some(
    ([name, member]) => (typeof member === "string" && member !== "" && isSecretName(name)) || holdsSecret(member),
  );
}

function withTruncationNote(truncation: Truncation, notes: Json): unknown {
  const more = truncation.next === undefined ? notes : { ...notes, has_more: true, next: truncation.next };
  const noted = { ...more, _cut: truncation.note };
  if (typeof truncation.body === "string") return `${truncation.body}\n\n${JSON.stringify({ _cut: truncation.note })}`;
  return mergeNotes(truncation.body, noted);
}

/** Adds notes to a body; Portkey's members take precedence. */
function mergeNotes(body: unknown, notes: Json): unknown {
  if (Object.keys(notes).length === 0) return body;
  return isObject(body) ? { ...body, ...notesWithoutClash(body, notes) } : { data: body, ...notes };
}

/** Whether Portkey's text is too long to be passed on unparsed. */
function isLong({ json }: Answer): boolean {
  return json !== undefined && json.length > LONGEST_KEPT;
}

/** Portkey's own text, where the body is unchanged and notes can be added to the text. */
function intactJson(body: unknown, { body: theirs, json }: Answer): string | undefined {
  const isWhole = body === theirs && typeof body === "object" && body !== null;
  return isWhole && json !== undefined && json.length <= LONGEST_KEPT ? json : undefined;
}

function notesWithoutClash(body: Json, notes: Json): Json {
  return Object.fromEntries(Object.entries(notes).filter(([name]) => !Object.hasOwn(body, name)));
}

/** The common arguments that a call for the rest repeats. */
export function repeatedArguments(record: ToolRecord, args: Json, { fields, names, key }: ParsedArguments): Json {
  const fieldsText = args["fields"] ?? (args["more"] as Json | undefined)?.["fields"];
  return {
    ...(fields && { fields: fieldsText }),
    ...(names && { names: true }),
    ...(key && { [keyArgumentName(record)]: key }),
  };
}

function toText(body: unknown): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}
