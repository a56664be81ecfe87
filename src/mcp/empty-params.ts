/**
 * Removes empty parameters of a request. Many clients send null or an empty string where they have no cursor, metadata,
 * progress token or arguments; this server treats those as absent.
 */
import { isObject, type Json } from "../catalog/json.ts";

const EMPTY: readonly unknown[] = [null, ""];

/** The members to remove, and the values for which. An empty string as arguments is a mistake, and stays. */
const REMOVABLE: readonly { readonly name: string; readonly values: readonly unknown[] }[] = [
  { name: "cursor", values: EMPTY },
  { name: "_meta", values: EMPTY },
  { name: "arguments", values: [null] },
  { name: "context", values: [null] },
];

const NONE: readonly string[] = [];

/** The message without empty parameters; the same object where it has none. Other values are returned as they are. */
export function dropEmptyParams(message: unknown): unknown {
  if (!isObject(message) || !isObject(message["params"])) return message;
  const params = withoutEmptyParams(message["params"]);
  return params === message["params"] ? message : { ...message, params };
}

/** The parameters without empty ones; the same object where there are none. */
export function withoutEmptyParams(params: Json): Json {
  const dropped = emptyNames(params);
  const meta = params["_meta"];
  const hasEmptyToken = isObject(meta) && Object.hasOwn(meta, "progressToken") && EMPTY.includes(meta["progressToken"]);
  if (dropped.length === 0 && !hasEmptyToken) return params;
  const kept = without(params, dropped);
  return hasEmptyToken ? { ...kept, _meta: without(meta, ["progressToken"]) } : kept;
}

/** Creates no array where nothing is empty, since every request comes through here. */
function emptyNames(params: Json): readonly string[] {
  let names: string[] | undefined;
  for (const { name, values } of REMOVABLE)
    if (values.includes(params[name]) && Object.hasOwn(params, name)) (names ??= []).push(name);
  return names ?? NONE;
}

function without(members: Json, names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}
