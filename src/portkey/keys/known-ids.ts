/**
 * With which kind of key an id came, for each caller by itself: what an answer to the admin key showed is asked for
 * with the admin key again. Few are kept, the oldest are forgotten, and nothing but ids and kinds is.
 */
import { isObject } from "../../catalog/json.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { findList } from "../response/lists.ts";
import type { Kind } from "./choose-kind.ts";

type Values = Readonly<Record<string, unknown>>;

interface KnownId {
  readonly kind: Kind;
  /** It lies in a workspace that is not the workspace key's own, so that naming it names that workspace. */
  readonly elsewhere: boolean;
}

export interface KnownIds {
  /** The kind for a call with these arguments, where an answer to this caller brought an id in them. */
  kindFor(caller: string, record: Pick<ToolRecord, "arguments">, values: Values): Kind | undefined;
  /** Keeps the ids of an answer. `isElsewhere` says of an item whether it lies in another workspace. */
  keep(caller: string, body: unknown, kind: Kind, isElsewhere: (item: Values) => boolean): void;
}

const LIMITS = { callers: 200, ids: 2_000, ofOneAnswer: 1_000 } as const;
const ID_MEMBERS = ["id", "slug"];
/** Longer than any id of Portkey's. */
const LONGEST_ID = 128;

export function createKnownIds(limits: { readonly callers: number; readonly ids: number } = LIMITS): KnownIds {
  const callers = new Map<string, Map<string, KnownId>>();
  return {
    kindFor(caller, record, values) {
      const ids = callers.get(caller);
      return ids && kindAmong(ids, record, values);
    },
    keep(caller, body, kind, isElsewhere) {
      const ids = callers.get(caller) ?? new Map<string, KnownId>();
      putLast(callers, caller, ids, limits.callers);
      for (const item of objectsOf(body)) {
        const elsewhere = kind === "admin" && isElsewhere(item);
        for (const id of idsOf(item)) putLast(ids, id, { kind, elsewhere }, limits.ids);
      }
    },
  };
}

/** What the path names decides; what the call refers to decides only where it lies in another workspace. */
function kindAmong(
  ids: ReadonlyMap<string, KnownId>,
  record: Pick<ToolRecord, "arguments">,
  values: Values,
): Kind | undefined {
  let referred: Kind | undefined;
  for (const { name, place } of record.arguments) {
    const value = values[name];
    const known = typeof value === "string" ? ids.get(value) : undefined;
    if (known === undefined) continue;
    if (place === "path") return known.kind;
    if (known.elsewhere && place !== "own") referred = known.kind;
  }
  return referred;
}

function objectsOf(body: unknown): Values[] {
  const list = findList(body);
  if (list !== undefined) return list.items.slice(0, LIMITS.ofOneAnswer).filter(isObject);
  if (!isObject(body)) return [];
  return [body, body["data"]].filter(isObject);
}

function idsOf(item: Values): string[] {
  return ID_MEMBERS.map((name) => item[name]).filter(
    (id): id is string => typeof id === "string" && id !== "" && id.length <= LONGEST_ID,
  );
}

function putLast<Value>(map: Map<string, Value>, key: string, value: Value, limit: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > limit) map.delete(map.keys().next().value as string);
}
