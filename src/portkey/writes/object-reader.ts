/**
 * What reads the object that a write was about, found by path: the same path, or else the list that the object is in.
 */
import { isObject, type Json } from "../../catalog/json.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { findList } from "../response/lists.ts";

export interface ObjectReader {
  readonly record: ToolRecord;
  readonly args: Json;
  /** The object in the reader's answer; undefined where it is not there. */
  readonly find: (body: unknown) => unknown;
}

/** The reader for a write with these arguments; undefined where no tool reads its object. */
export function objectReaderOf(
  records: readonly ToolRecord[],
  written: ToolRecord,
  values: Json,
): ObjectReader | undefined {
  const at = (path: string | undefined) =>
    records.find((other) => other.method === "GET" && other.base === written.base && other.path === path);
  const same = at(written.path);
  if (same !== undefined) return { record: same, args: sharedArguments(same, values), find: (body) => body };
  const id = written.path?.endsWith("}") ? values[lastPathArgument(written) ?? ""] : undefined;
  const list = id === undefined ? undefined : at(written.path?.replace(/\/\{\w+\}$/, ""));
  if (list === undefined) return undefined;
  const isIt = (item: unknown) => isObject(item) && (item["id"] === id || item["slug"] === id);
  return { record: list, args: sharedArguments(list, values), find: (body) => findList(body)?.items.find(isIt) };
}

function lastPathArgument({ arguments: known }: ToolRecord): string | undefined {
  return known.filter(({ place }) => place === "path").at(-1)?.name;
}

/** The same object, in the same workspace. */
function sharedArguments({ arguments: known }: ToolRecord, values: Json): Json {
  const shared = known.filter(
    ({ name, place, namesWorkspace }) => (place === "path" || namesWorkspace === true) && Object.hasOwn(values, name),
  );
  return Object.fromEntries(shared.map(({ name }) => [name, values[name]]));
}
