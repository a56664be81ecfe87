/** Finds the tool that reads a written object: GET of the same path, or else of the list that the object is in. */
import { isObject, type Json } from "../../catalog/json.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { findList } from "../response/lists.ts";

export interface ObjectReader {
  readonly record: ToolRecord;
  readonly args: Json;
  /** Finds the object in the reader's answer; undefined where it is absent. */
  readonly find: (body: unknown) => unknown;
}

/** The reader for a write with these arguments; undefined where no tool reads its object. */
export function findObjectReader(
  records: readonly ToolRecord[],
  written: ToolRecord,
  values: Json,
): ObjectReader | undefined {
  const getterAt = (path: string | undefined) =>
    records.find((other) => other.method === "GET" && other.base === written.base && other.path === path);
  const same = getterAt(written.path);
  if (same !== undefined) return { record: same, args: sharedArguments(same, values), find: (body) => body };
  const id = written.path?.endsWith("}") ? values[lastPathArgument(written) ?? ""] : undefined;
  const list = id === undefined ? undefined : getterAt(written.path?.replace(/\/\{\w+\}$/, ""));
  if (list === undefined) return undefined;
  const isWritten = (item: unknown) => isObject(item) && (item["id"] === id || item["slug"] === id);
  return { record: list, args: sharedArguments(list, values), find: (body) => findList(body)?.items.find(isWritten) };
}

function lastPathArgument({ arguments: known }: ToolRecord): string | undefined {
  return known.filter(({ place }) => place === "path").at(-1)?.name;
}

/** The write's arguments that name the object and its workspace, as far as the reader takes them. */
function sharedArguments({ arguments: known }: ToolRecord, values: Json): Json {
  const shared = known.filter(
    ({ name, place, namesWorkspace }) => (place === "path" || namesWorkspace === true) && Object.hasOwn(values, name),
  );
  return Object.fromEntries(shared.map(({ name }) => [name, values[name]]));
}
