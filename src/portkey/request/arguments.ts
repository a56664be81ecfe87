/**
 * Sorts a caller's arguments: those for Portkey, those for this server, and unknown ones.
 * Values are never copied, converted or completed: the objects that come out are the ones that came in.
 */
import { isDeepStrictEqual } from "node:util";
import { isObject } from "../../catalog/json.ts";
import { hasKeyChoice, keyArgumentOf } from "../../catalog/key-argument.ts";
import { closestName } from "../../errors/closest-name.ts";
import type { KeyKind, ToolRecord } from "../../catalog/record.ts";
import type { Kind } from "../keys/choose-kind.ts";
import { jsonType, withArticle, type Problem } from "./problem.ts";
import { parseFields, type FieldPath } from "../response/fields.ts";

/** Gemini CLI adds this argument to every call. */
const DROPPED = "wait_for_previous";

/** The arguments every tool of a kind takes besides its own, and when it does. */
const COMMON: Readonly<Record<string, (record: ToolRecord) => boolean>> = {
  dry_run: (record) => record.risk !== "read",
  all_pages: (record) => record.paging !== undefined,
  fields: () => true,
  more: () => true,
  key: (record) => keyArgumentOf(record) === "key",
  portkey_key: (record) => keyArgumentOf(record) === "portkey_key",
};

/** Why a tool leaves no choice of key. */
const ONLY_KEY: Readonly<Record<KeyKind, string>> = {
  any: "",
  workspace: "this tool takes the workspace key",
  admin: "this tool takes the admin key",
  none: "this tool takes no key",
};

export interface ParsedArguments {
  /** Everything but the common arguments, by argument name, `more` merged in; values as given. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly dryRun: boolean;
  readonly allPages: boolean;
  readonly fields: readonly FieldPath[] | undefined;
  /** The kind of Portkey key that the call asks for. */
  readonly key: Kind | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Sorts `args` for `record`. It never throws: everything wrong is in `problems`.
 * An argument of the API takes precedence over a common one of the same name.
 */
export function readArguments(record: ToolRecord, args: unknown): ParsedArguments {
  const problems: Problem[] = [];
  const commonNames = commonNamesOf(record);
  const all = flatten(record, args, commonNames, problems);
  const values = new Map<string, unknown>();
  const common = new Map<string, unknown>();
  for (const [name, value] of all) {
    if (commonNames.has(name)) common.set(name, value);
    else if (isDeclared(record, name)) values.set(name, value);
    else if (name !== DROPPED) problems.push({ path: name, text: unknownText(record, name, commonNames) });
  }
  for (const path of missing(record, values)) problems.push({ path, text: "is required" });
  return {
    values: Object.fromEntries(values),
    dryRun: flag(common, "dry_run", problems),
    allPages: flag(common, "all_pages", problems),
    fields: fieldsOf(common.get("fields"), problems),
    key: keyOf(record, values, common, problems),
    problems,
  };
}

function commonNamesOf(record: ToolRecord): ReadonlySet<string> {
  const api = new Set(record.arguments.filter((argument) => argument.place !== "own").map((argument) => argument.name));
  return new Set(Object.keys(COMMON).filter((name) => COMMON[name]?.(record) && !api.has(name)));
}

function isDeclared(record: ToolRecord, name: string): boolean {
  return (
    record.arguments.some((argument) => argument.name === name) ||
    (record.body === "fields-or-list" && name === "entries")
  );
}

/** The arguments with `more` unpacked; undefined, which JSON cannot say, counts as not given. */
function flatten(
  record: ToolRecord,
  args: unknown,
  commonNames: ReadonlySet<string>,
  problems: Problem[],
): Map<string, unknown> {
  const all = new Map<string, unknown>();
  if (args === undefined) return all;
  if (!isObject(args)) {
    problems.push({ path: "", text: `the arguments must be an object, got ${withArticle(jsonType(args))}` });
    return all;
  }
  const more = commonNames.has("more") ? args["more"] : undefined;
  for (const [name, value] of Object.entries(args)) {
    if (value !== undefined && !(name === "more" && commonNames.has("more"))) all.set(name, value);
  }
  if (more === undefined) return all;
  if (!isObject(more)) {
    problems.push({
      path: "more",
      text: `must be an object of further arguments of ${record.name}, got ${withArticle(jsonType(more))}`,
    });
    return all;
  }
  for (const [name, value] of Object.entries(more)) {
    if (value === undefined) continue;
    if (name === "more") problems.push({ path: "more.more", text: "is one level too deep: put its members into more" });
    else if (all.has(name) && !isDeepStrictEqual(all.get(name), value)) {
      problems.push({ path: name, text: `is given twice, beside more and in it, with different values: give it once` });
    } else all.set(name, value);
  }
  return all;
}

function missing(record: ToolRecord, values: ReadonlyMap<string, unknown>): string[] {
  const list = record.body === "fields-or-list" && values.has("entries");
  return record.arguments
    .filter(({ name, place, required }) => required && !values.has(name) && !(list && place === "body"))
    .map(({ name }) => name);
}

function unknownText(record: ToolRecord, name: string, commonNames: ReadonlySet<string>): string {
  if (name === "dry_run") return `is not an argument of ${record.name}: it only reads, so there is nothing to try out`;
  if (name === "all_pages") return `is not an argument of ${record.name}: its answer is not paged`;
  const closest = closestName(name, [...record.arguments.map((argument) => argument.name), ...commonNames]);
  return `is not an argument of ${record.name}${closest === undefined ? "" : `; the closest is ${closest}`}`;
}

function flag(common: ReadonlyMap<string, unknown>, name: string, problems: Problem[]): boolean {
  const value = common.get(name);
  if (value === undefined || typeof value === "boolean") return value === true;
  problems.push({ path: name, text: `must be true or false, got ${withArticle(jsonType(value))}` });
  return false;
}

/** Where `key` is a secret of the API's, a value that can only mean our own argument would be stored as the secret. */
function keyOf(
  record: ToolRecord,
  values: ReadonlyMap<string, unknown>,
  common: ReadonlyMap<string, unknown>,
  problems: Problem[],
): Kind | undefined {
  const argument = keyArgumentOf(record);
  const value = common.get(argument);
  if (argument === "portkey_key" && value === undefined && isKind(values.get("key"))) {
    const text = "is the secret to store here: to choose the Portkey key of this call, pass portkey_key";
    problems.push({ path: "key", text });
  }
  if (value === undefined) return undefined;
  if (!isKind(value))
    problems.push({ path: argument, text: 'must be "workspace" or "admin": which Portkey key to use' });
  else if (hasKeyChoice(record)) return value;
  else if (value !== record.key) problems.push({ path: argument, text: `cannot be chosen: ${ONLY_KEY[record.key]}` });
  return undefined;
}

function isKind(value: unknown): value is Kind {
  return value === "workspace" || value === "admin";
}

function fieldsOf(value: unknown, problems: Problem[]): readonly FieldPath[] | undefined {
  if (value === undefined) return undefined;
  const texts = typeof value === "string" ? value.split(",") : value;
  if (!Array.isArray(texts) || !texts.every((text) => typeof text === "string")) {
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
