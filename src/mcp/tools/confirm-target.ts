/**
 * What a destructive call is aimed at, by its name: read through the tool that gets the object, found by path. For
 * `PUT /prompts/{promptId}/makeDefault` that is `GET /prompts/{promptId}`, the nearest path above that ends in an id.
 */
import { isObject } from "../../catalog/json.ts";
import type { Catalogue } from "../../catalog/lookup.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import type { Portkey, PortkeyCall } from "../../portkey/port.ts";

/** A name that takes longer is left out: the question can be asked without. */
const PATIENCE_MS = 5_000;

/** Members that name an object, in the order they are looked for; Portkey wraps some objects in `data`. */
const NAMES = ["name", "title", "email", "slug"];

/**
 * The name of the object that the call acts on, as its owner wrote it; undefined where no tool gets it, or it does not
 * come. Throws only where the call has ended.
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
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(PATIENCE_MS)]);
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

function nameIn(body: unknown): string | undefined {
  if (!isObject(body)) return undefined;
  for (const holder of [body, body["data"]]) {
    if (!isObject(holder)) continue;
    const name = NAMES.map((member) => holder[member]).find((value) => typeof value === "string" && value !== "");
    if (typeof name === "string") return name;
  }
  return undefined;
}
