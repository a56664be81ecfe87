/** Finds the fields that a call writes, and their values in an answer that reads the object back. */
import { isObject, type Json } from "../../catalog/json.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { isSecretName } from "../../log/secret-names.ts";
import { findList } from "../response/lists.ts";
import { isSameValue, findSameItem } from "./same-value.ts";

/** The fields that the call writes, without secrets, since answers do not show these unmasked. */
export function writtenFields(record: Pick<ToolRecord, "arguments">, values: Json): Json {
  const names = record.arguments.filter(({ place }) => place === "body").map(({ name }) => name);
  const written = names.filter((name) => Object.hasOwn(values, name) && !isSecretName(name));
  return Object.fromEntries(written.map((name) => [name, values[name]]));
}

/** The same fields as read back, without those that the answer lacks. Of a list, only the written items. */
export function readWrittenFields(written: Json, body: unknown): Json {
  const holder = isObject(body) && isObject(body["data"]) ? body["data"] : body;
  const shown = Object.entries(written).map(([name, value]) => [name, readField(name, value, holder)] as const);
  return Object.fromEntries(shown.filter(([, value]) => value !== undefined));
}

function readField(name: string, written: unknown, holder: unknown): unknown {
  const own = isObject(holder) ? holder[name] : undefined;
  if (!Array.isArray(written) || !written.every(isObject)) return own;
  // An answer that is itself the list may hold the items under another name.
  const items = Array.isArray(own) ? own : findList(holder)?.items;
  if (items === undefined) return own;
  const known = written.map((item) => findSameItem(item, items)).filter((item) => item !== undefined);
  return known.length > 0 ? known : own;
}

/** The names of the fields whose value differs from the written one. */
export function changedFields(written: Json, now: Json): string[] {
  return Object.keys(now).filter((name) => !isSameValue(name, written[name], now[name]));
}
