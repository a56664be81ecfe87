/**
 * Remembers with which kind of key an id was read, separately for each caller, so that an object found with the admin
 * key is used with the admin key again. Only ids and kinds are kept, a limited number of them, the most recent.
 */
import { isObject } from "../../catalog/json.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { findList } from "../response/lists.ts";
import type { Kind } from "./choose-kind.ts";

type Values = Readonly<Record<string, unknown>>;

interface KnownId {
  readonly kind: Kind;
  /** The object is in another workspace than the workspace key's own; a call that names it acts there. */
  readonly elsewhere: boolean;
}

export interface KnownIds {
  /** The kind for a call with these arguments; undefined where none of their ids is known for this caller. */
  kindFor(caller: string, record: Pick<ToolRecord, "arguments">, values: Values): Kind | undefined;
  /** Remembers the ids of an answer. `isElsewhere` decides whether an item is in another workspace. */
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

/** An id in the path decides; an id in another argument only where its object is in another workspace. */
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
