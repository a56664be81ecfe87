/**
 * Reads the common arguments, which this server takes beside a tool's own: dry_run, all_pages, fields, names, more,
 * key. They are never sent. null counts as absent, and text that is clearly a boolean, list or object is converted.
 */
import { isObject, ownMember } from "../../catalog/json.ts";
import type { CommonName } from "../../catalog/common-names.ts";
import { keyArgumentName } from "../../catalog/key-argument.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { takesNames } from "../../catalog/takes-names.ts";
import { parseFields, type FieldPath } from "../response/fields.ts";
import { jsonType, withArticle, type Problem } from "./problem.ts";
import { readTextAs, READ_AS_JSON } from "./text-values.ts";

/** The common arguments, and which tools take each. */
const COMMON: Readonly<Record<CommonName, (record: ToolRecord) => boolean>> = {
  dry_run: (record) => record.risk !== "read",
  all_pages: (record) => record.paging !== undefined,
  fields: () => true,
  names: takesNames,
  more: () => true,
  key: (record) => keyArgumentName(record) === "key",
  portkey_key: () => true,
};

/** Collects what is wrong with arguments, and notes about values that were converted. */
export interface Remarks {
  readonly problems: Problem[];
  readonly notes: Problem[];
}

export interface OwnArguments {
  readonly dryRun: boolean;
  readonly allPages: boolean;
  /** Whether the answer should have names beside its ids. */
  readonly names: boolean;
  readonly fields: readonly FieldPath[] | undefined;
  /** `fields` as given; a list where it was given as the text of a JSON list. */
  readonly fieldsGiven: unknown;
}

const namesByRecord = new WeakMap<ToolRecord, ReadonlySet<string>>();

/** Names of the common arguments of `record`; an argument of the API takes precedence over one of the same name. */
export function commonArgumentNames(record: ToolRecord): ReadonlySet<string> {
  const known = namesByRecord.get(record);
  if (known !== undefined) return known;
  const found = findCommonNames(record);
  namesByRecord.set(record, found);
  return found;
}

function findCommonNames(record: ToolRecord): ReadonlySet<string> {
  const api = new Set(record.arguments.filter((argument) => argument.place !== "own").map((argument) => argument.name));
  return new Set(Object.keys(COMMON).filter((name) => ownMember(COMMON, name)?.(record) && !api.has(name)));
}

/** Whether some tools take a common argument of this name. */
export function isCommonName(name: string): boolean {
  return Object.hasOwn(COMMON, name);
}

/** Why this tool does not take a common argument; undefined for any other name. */
export function whyNotCommon(record: ToolRecord, name: string): string | undefined {
  if (name === "dry_run") return `is not an argument of ${record.name}: it only reads, so there is nothing to try out`;
  if (name === "all_pages") return `is not an argument of ${record.name}: its answer is not paged`;
  if (name === "names" && record.risk !== "read")
    return `is not an argument of ${record.name}: it names the ids in what a reading tool answers`;
  return undefined;
}

/** Reads the common arguments; problems and notes are added to `remarks`. */
export function readOwnArguments(given: ReadonlyMap<string, unknown>, remarks: Remarks): OwnArguments {
  const fieldsGiven = readFieldList(given.get("fields"), remarks);
  return {
    dryRun: readFlag(given, "dry_run", remarks),
    allPages: readFlag(given, "all_pages", remarks),
    names: readFlag(given, "names", remarks),
    fields: parseFieldPaths(fieldsGiven, remarks),
    fieldsGiven,
  };
}

/** The members of `more`; undefined where there are none, or where it is no object. */
export function readMore(record: ToolRecord, more: unknown, { problems, notes }: Remarks) {
  if (more === undefined || more === null) return undefined;
  const read = readTextAs(more, ["object"]);
  if (read !== undefined) notes.push({ path: "more", text: READ_AS_JSON });
  const members = read?.value ?? more;
  if (isObject(members)) return members;
  const text = `must be an object of further arguments of ${record.name}, got ${withArticle(jsonType(more))}`;
  problems.push({ path: "more", text });
  return undefined;
}

function readFlag(given: ReadonlyMap<string, unknown>, name: string, { problems, notes }: Remarks): boolean {
  const value = given.get(name);
  if (value === undefined || typeof value === "boolean") return value === true;
  const read = readTextAs(value, ["boolean"]);
  if (read !== undefined) {
    notes.push({ path: name, text: READ_AS_JSON });
    return read.value === true;
  }
  problems.push({ path: name, text: `must be true or false, got ${withArticle(jsonType(value))}` });
  return false;
}

/** A text that is a JSON list of names becomes that list; any other text is a list by commas: `id,name`. */
function readFieldList(value: unknown, { notes }: Remarks): unknown {
  const list = readTextAs(value, ["array"])?.value;
  if (!isTextList(list)) return value;
  notes.push({ path: "fields", text: READ_AS_JSON });
  return list;
}

function parseFieldPaths(value: unknown, { problems }: Remarks): readonly FieldPath[] | undefined {
  if (value === undefined) return undefined;
  const texts = typeof value === "string" ? value.split(",") : value;
  if (!isTextList(texts)) {
    problems.push({
      path: "fields",
      text: `must be a string such as "id,name" or an array of strings, got ${withArticle(jsonType(value))}`,
    });
    return undefined;
  }
  const parsed = parseFields(texts);
  if (typeof parsed !== "string") return parsed;
  problems.push({ path: "fields", text: parsed });
  return undefined;
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === "string");
}
