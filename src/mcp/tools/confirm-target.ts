/**
 * Fetches the name of the object that a destructive call acts on, with the tool that gets that object.
 * It is found by path: for `PUT /prompts/{promptId}/makeDefault` it is `GET /prompts/{promptId}`, the longest part of
 * the path that ends in an id and has a GET.
 */
import { isObject } from "../../catalog/json.ts";
import type { Catalogue } from "../../catalog/lookup.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import type { Portkey, PortkeyCall } from "../../portkey/port.ts";

/** After this, the question is asked without the name. */
const TIMEOUT_MS = 5_000;

/** Members that name an object, by precedence. */
const NAMES = ["name", "title", "email", "slug"];

/**
 * The name of the object that the call acts on, as its owner wrote it. Undefined where no tool gets the object, or that
 * fails. Throws only where the call has been aborted.
 */
export async function fetchTargetName(
  { catalogue, portkey }: { readonly catalogue: Catalogue; readonly portkey: Portkey },
  { record, args, context }: PortkeyCall,
  admits: (record: ToolRecord) => boolean,
): Promise<string | undefined> {
  const getter = getterFor(catalogue.records, record);
  if (getter === undefined || !admits(getter)) return undefined;
  const ids = Object.fromEntries(
    getter.arguments
      .filter(({ name, place, namesWorkspace }) => place === "path" || (namesWorkspace && args[name] !== undefined))
      .map(({ name }) => [name, args[name]]),
  );
  try {
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    return nameIn((await portkey.send(getter, ids, { ...context, signal })).body);
  } catch {
    context.signal.throwIfAborted();
    return undefined;
  }
}

/** The tool that reads the nearest object on the path of `record`. */
export function getterFor(records: readonly ToolRecord[], { path, base }: ToolRecord): ToolRecord | undefined {
  const segments = path?.split("/") ?? [];
  for (let end = segments.length; end > 0; end--) {
    const above = segments.slice(0, end);
    if (above.at(-1)?.startsWith("{") !== true) continue;
    const getter = records.find(
      (other) => other.method === "GET" && other.base === base && other.path === above.join("/"),
    );
    if (getter !== undefined) return getter;
  }
  return undefined;
}

/** Portkey wraps some objects in `data`. */
function nameIn(body: unknown): string | undefined {
  if (!isObject(body)) return undefined;
  for (const holder of [body, body["data"]]) {
    if (!isObject(holder)) continue;
    const name = NAMES.map((member) => holder[member]).find((value) => typeof value === "string" && value !== "");
    if (typeof name === "string") return name;
  }
  return undefined;
}
