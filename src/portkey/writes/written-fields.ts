/** The fields that a call writes, and how they stand in an answer that reads the object again. */
import { isObject, type Json } from "../../catalog/json.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { isSecretName } from "../../log/secret-names.ts";
import { findList } from "../response/lists.ts";
import { isSameValue, itemLike } from "./same-value.ts";

/** What the call writes, by field; secrets are left out, because no answer shows them as they are. */
export function writtenFields(record: Pick<ToolRecord, "arguments">, values: Json): Json {
  const names = record.arguments.filter(({ place }) => place === "body").map(({ name }) => name);
  const written = names.filter((name) => Object.hasOwn(values, name) && !isSecretName(name));
  return Object.fromEntries(written.map((name) => [name, values[name]]));
}

/** The same fields as they stand; one that the answer lacks is absent. Of a list, the items that were written. */
export function fieldsNow(written: Json, body: unknown): Json {
  const holder = isObject(body) && isObject(body["data"]) ? body["data"] : body;
  const shown = Object.entries(written).map(([name, value]) => [name, fieldNow(name, value, holder)] as const);
  return Object.fromEntries(shown.filter(([, value]) => value !== undefined));
}

function fieldNow(name: string, written: unknown, holder: unknown): unknown {
  const own = isObject(holder) ? holder[name] : undefined;
  if (!Array.isArray(written) || !written.every(isObject)) return own;
  // A list's own answer has its items under a name of its own.
  const items = Array.isArray(own) ? own : findList(holder)?.items;
  if (items === undefined) return own;
  const known = written.map((item) => itemLike(item, items)).filter((item) => item !== undefined);
  return known.length > 0 ? known : own;
}

/** The fields that stand otherwise than they were written. */
export function changedFields(written: Json, now: Json): string[] {
  return Object.keys(now).filter((name) => !isSameValue(name, written[name], now[name]));
}
