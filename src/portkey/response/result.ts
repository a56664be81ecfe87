/**
 * An answer as a caller gets it: Portkey's body, whole where it fits. What this server adds stands beside Portkey's
 * members (`has_more`, `next`, `_cut`, `changed`) and never changes one; a bare array that needs such a note becomes
 * `{data: [...]}` around it.
 *
 * Only reads are cut or reduced to `fields` at the risk of losing something: a write's answer may hold a secret that is
 * shown once, or a completion that was paid for, and cannot be asked for again.
 */
import { isObject, type Json } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { clip } from "../../errors/clip.ts";
import { wordOrQuoted } from "../../errors/foreign-text.ts";
import { keyArgumentName } from "../../catalog/key-argument.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { isSecretName } from "../../log/secret-names.ts";
import { readArguments, type ParsedArguments } from "../request/arguments.ts";
import { besideItems, truncateList, truncateObject, type Truncation } from "./truncate.ts";
import { shortfallOf, shortfallOfPage, shortfallText, type Shortfall } from "./completeness.ts";
import { pickFields, type FieldPath } from "./fields.ts";
import { jsonBytes, JsonSizes } from "./json-size.ts";
import { compactJson, LONGEST_KEPT, withMembers } from "./json-text.ts";
import { findList, isEnvelopeMember, type FoundList } from "./lists.ts";
import { isSilentAnswer } from "./empty-answer.ts";
import { pageInfo, type PageInfo } from "./pages.ts";
import type { Answer } from "../port.ts";

export interface CallResult {
  /** What the caller reads; a string is sent as it is, anything else as compact JSON. */
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
  /** The largest text, in bytes of UTF-8; a little more may come out where a single value cannot be cut further. */
  readonly maxResultBytes: number;
  /** Where the answer's list stands, when more than one page is in it. */
  readonly page?: PageInfo;
  /** What was written, as it stands: beside an answer that says nothing of it. */
  readonly now?: Json | undefined;
}

/** What this server adds to an answer, in its own words, where Portkey has no such member. */
export const OWN_MEMBERS: readonly string[] = ["_cut", "has_more", "next", "changed", "ok"];

/** Room for `has_more`, `next` and `_cut` beside a cut answer, besides the arguments they repeat. */
const NOTES_BYTES = 900;

/** The result of a call. `args` are the caller's, from which the arguments for the rest are made. */
export function toResult(record: ToolRecord, answer: Answer, args: Json, options: ResultOptions): CallResult {
  const parsed = readArguments(record, args);
  const said = wholeAnswer(record, answer, parsed);
  const whole = options.now !== undefined && isObject(said) ? { ...said, now: options.now } : said;
  const list = findList(whole);
  const base = { ...parsed.values, ...repeated(record, args, parsed) };
  const read = list && { values: parsed.values, body: whole, list };
  const page = options.page ?? (record.paging && read ? pageInfo(record.paging, read, base) : undefined);

  const shortfall = shortfallIn(record, whole, page, options);
  const paths = parsed.fields && resolvePaths(parsed.fields, whole, list);
  const { body, warnings } = applyFields(record, whole, paths, list);
  const notes = page === undefined ? {} : { has_more: page.hasMore, ...(page.next && { next: page.next }) };
  const theirs = isObject(answer.body) ? OWN_MEMBERS.filter((name) => Object.hasOwn(answer.body as Json, name)) : [];
  const done = (value: unknown, text = textOf(value)): CallResult => ({
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
  // To write a long answer that is cut afterwards takes as long as to measure it, and both are needed only once.
  const isCut = record.risk === "read" && isLong(answer) && sizes.of(body) > options.maxResultBytes;
  const text = isCut ? undefined : wholeText(body, answer, notes);
  if (text !== undefined && (record.risk !== "read" || Buffer.byteLength(text) <= options.maxResultBytes))
    return done(mergeNotes(body, notes), text);

  const maxBytes = Math.max(options.maxResultBytes - NOTES_BYTES - 2 * jsonBytes(base), 200);
  const truncateOptions = { record, args: base, fields: paths, maxBytes, sizes };
  const shown = findList(body);
  // What makes an answer large may also stand beside its list.
  const isInList = shown !== undefined && shown.items.length > 0 && besideItems(body, shown, sizes) < maxBytes / 2;
  const truncation = isInList
    ? truncateList(body, shown, page, truncateOptions)
    : truncateObject(body, truncateOptions);
  return done(withTruncationNote(truncation, notes));
}

/** The text of all there is: as Portkey wrote it, where nothing of it has changed. */
function wholeText(body: unknown, answer: Answer, notes: Json): string {
  const json = intactJson(body, answer);
  if (json === undefined) return textOf(mergeNotes(body, notes));
  return withMembers(compactJson(json), isObject(body) ? notesWithoutClash(body, notes) : notes);
}

/** A walk has held its items against the total already. */
function shortfallIn(
  record: ToolRecord,
  body: unknown,
  page: PageInfo | undefined,
  options: ResultOptions,
): Shortfall | undefined {
  if (options.page !== undefined || record.composite !== undefined) return undefined;
  return page === undefined ? shortfallOf(record, body) : shortfallOfPage(body, page);
}

/** Portkey's body; where it says nothing, what is known about the call. */
function wholeAnswer(record: ToolRecord, { body, status }: Answer, parsed: ParsedArguments): unknown {
  if (record.risk === "read")
    return body === undefined ? { ok: true, status, note: "The API answered with an empty body" } : body;
  if (!isSilentAnswer({ body })) return body;
  const placed = (wanted: (place: string) => boolean): string[] =>
    record.arguments
      .filter(({ name, place }) => wanted(place) && Object.hasOwn(parsed.values, name))
      .map(({ name }) => name);
  const ids = Object.fromEntries(placed((place) => place === "path").map((name) => [name, parsed.values[name]]));
  const changed = { tool: record.name, ids, fields: placed((place) => place === "body" || place === "query") };
  return { ...(isObject(body) ? body : {}), ok: true, changed };
}

/**
 * What each path means in this answer: one that begins with none of its members is meant for the items of a list, or
 * for what an answer wraps in `data`.
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

/** Puts notes beside a body; a member of Portkey's keeps its name and value. */
function mergeNotes(body: unknown, notes: Json): unknown {
  if (Object.keys(notes).length === 0) return body;
  return isObject(body) ? { ...body, ...notesWithoutClash(body, notes) } : { data: body, ...notes };
}

/** Whether Portkey's text is longer than is passed on as it was written. */
function isLong({ json }: Answer): boolean {
  return json !== undefined && json.length > LONGEST_KEPT;
}

/** What Portkey wrote, where all of it is shown and notes can stand beside it. */
function intactJson(body: unknown, { body: theirs, json }: Answer): string | undefined {
  const isWhole = body === theirs && typeof body === "object" && body !== null;
  return isWhole && json !== undefined && json.length <= LONGEST_KEPT ? json : undefined;
}

function notesWithoutClash(body: Json, notes: Json): Json {
  return Object.fromEntries(Object.entries(notes).filter(([name]) => !Object.hasOwn(body, name)));
}

/** The arguments of our own that a call for the rest repeats. */
export function repeated(record: ToolRecord, args: Json, { fields, names, key }: ParsedArguments): Json {
  const fieldsText = args["fields"] ?? (args["more"] as Json | undefined)?.["fields"];
  return {
    ...(fields && { fields: fieldsText }),
    ...(names && { names: true }),
    ...(key && { [keyArgumentName(record)]: key }),
  };
}

function textOf(body: unknown): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}
