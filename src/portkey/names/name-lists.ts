/**
 * Caches the lists that names are looked up in, separately for each caller, for some seconds: long enough for the calls
 * of one task, and short enough not to be wrong for long. A caller's write clears its lists, and the names of a write
 * are looked up in lists read anew.
 */
import type { ToolRecord } from "../../catalog/record.ts";
import { fetchAllItems } from "../response/walk/all-items.ts";
import type { CallContext, Portkey } from "../port.ts";
import { namedObject, type NamedObject } from "./named-objects.ts";

export interface ListRequest {
  readonly list: ToolRecord;
  /** The workspace to list objects of, where the call names one. */
  readonly workspace: string | undefined;
  readonly context: CallContext;
  /** Whether the list is read even where it is cached. */
  readonly afresh?: boolean;
}

export interface NameLists {
  /** Every object of a list, of all pages. Throws what `Portkey.send` throws. */
  read(request: ListRequest): Promise<readonly NamedObject[]>;
  /** The cached objects of a list; undefined where it is not cached. */
  kept(request: ListRequest): readonly NamedObject[] | undefined;
  /** Whether a list is cached for the caller. */
  has(caller: string | undefined): boolean;
  /** Clears the caller's lists, since it changed something. */
  forget(caller: string | undefined): void;
}

interface Kept {
  readonly caller: string;
  readonly objects: readonly NamedObject[];
  readonly until: number;
}

const LIMITS = { keptMs: 30_000, lists: 200, objects: 50_000, pageSize: 100 } as const;

export function createNameLists(portkey: Portkey, now: () => number = Date.now): NameLists {
  const lists = new Map<string, Kept>();

  function keep(key: string, entry: Kept): void {
    lists.delete(key);
    lists.set(key, entry);
    let objects = [...lists.values()].reduce((sum, entry) => sum + entry.objects.length, 0);
    for (const [oldest, { objects: held }] of lists) {
      if (lists.size <= LIMITS.lists && objects <= LIMITS.objects) return;
      lists.delete(oldest);
      objects -= held.length;
    }
  }

  function kept(request: ListRequest): readonly NamedObject[] | undefined {
    const found = lists.get(keyOf(request));
    return found !== undefined && found.until > now() ? found.objects : undefined;
  }

  return {
    kept,
    async read(request) {
      const known = request.afresh === true ? undefined : kept(request);
      if (known !== undefined) return known;
      const { list, context } = request;
      const { progress: _progress, headers: _headers, ...others } = context;
      const { items } = await fetchAllItems(portkey, { record: list, args: argumentsFor(request), context: others });
      const objects = items.map(namedObject).filter((object) => object !== undefined);
      const { caller } = context;
      if (caller !== undefined) keep(keyOf(request), { caller, objects, until: now() + LIMITS.keptMs });
      return objects;
    },
    has: (caller) => caller !== undefined && [...lists.values()].some((entry) => entry.caller === caller),
    forget(caller) {
      for (const [key, entry] of lists) if (entry.caller === caller) lists.delete(key);
    },
  };
}

function keyOf(request: ListRequest): string {
  const { caller, key } = request.context;
  return JSON.stringify([caller, key, request.list.name, argumentsFor(request)]);
}

function argumentsFor({ list: { arguments: known, paging }, workspace }: ListRequest): Record<string, unknown> {
  const scope = known.find(({ namesWorkspace }) => namesWorkspace === true);
  return {
    ...(paging?.style === "page" && { [paging.size]: LIMITS.pageSize }),
    ...(scope !== undefined && workspace !== undefined && { [scope.name]: workspace }),
  };
}
