/**
 * Parameters of a request without the client's forms of "nothing": many clients write null, or an empty text, where
 * they have no cursor, no metadata, no progress token or no arguments. Each means the same as its absence.
 */
import { isObject, type Json } from "../catalog/json.ts";

const EMPTY: readonly unknown[] = [null, ""];

/** Members of the parameters, with what counts as nothing there. An empty text of arguments is a mistake. */
const NOTHING: readonly { readonly name: string; readonly values: readonly unknown[] }[] = [
  { name: "cursor", values: EMPTY },
  { name: "_meta", values: EMPTY },
  { name: "arguments", values: [null] },
  { name: "context", values: [null] },
];

const NONE: readonly string[] = [];

/** The message as it came where there is nothing to drop; any other value as it is. */
export function dropEmptyParams(message: unknown): unknown {
  if (!isObject(message) || !isObject(message["params"])) return message;
  const params = withoutEmptyParams(message["params"]);
  return params === message["params"] ? message : { ...message, params };
}

/** The same object where there is nothing to drop. */
export function withoutEmptyParams(params: Json): Json {
  const dropped = namesOfNothing(params);
  const meta = params["_meta"];
  const isTokenless = isObject(meta) && Object.hasOwn(meta, "progressToken") && EMPTY.includes(meta["progressToken"]);
  if (dropped.length === 0 && !isTokenless) return params;
  const kept = without(params, dropped);
  return isTokenless ? { ...kept, _meta: without(meta, ["progressToken"]) } : kept;
}

function namesOfNothing(params: Json): readonly string[] {
  let names: string[] | undefined;
  for (const { name, values } of NOTHING)
    if (values.includes(params[name]) && Object.hasOwn(params, name)) (names ??= []).push(name);
  return names ?? NONE;
}

function without(members: Json, names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}
