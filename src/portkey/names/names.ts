/**
 * Resolves names given instead of ids, and adds names beside the ids of answers.
 * A registry has one instance, which caches the lists of names separately for each caller.
 */
import type { Verdict } from "../../catalog/policy.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import type { CallContext, Portkey } from "../port.ts";
import { addNames, type NamedBody } from "./add-names.ts";
import { createNameLists } from "./name-lists.ts";
import { idPlaces } from "./name-references.ts";
import { resolveNames, type ResolvedCall } from "./resolve-names.ts";

type Values = Readonly<Record<string, unknown>>;

/** A call whose arguments may hold names, or whose answer gets names. */
export interface NamedCall {
  readonly record: ToolRecord;
  readonly values: Values;
  readonly context: CallContext;
  /** Whether the caller may call a tool. */
  readonly admits: (record: ToolRecord) => Verdict;
  /** The kind of key that the answer was read with. */
  readonly used?: CallContext["key"];
}

export interface Names {
  /** The arguments with ids instead of names; undefined where they hold no names. */
  resolve(call: NamedCall): Promise<ResolvedCall | undefined> | undefined;
  /** An answer with names beside its ids; without `wanted`, only from cached lists. */
  beside(call: NamedCall, body: unknown, wanted: boolean): Promise<NamedBody>;
  /** Clears the caller's cached lists, since its call changed something. */
  forget(context: CallContext): void;
}

export function createNames(records: readonly ToolRecord[], portkey: Portkey): Names {
  const lists = createNameLists(portkey);
  return {
    resolve: ({ record, values, context, admits }) => resolveNames({ records, lists, admits, context }, record, values),
    async beside({ record, values, context, admits, used }, body, wanted) {
      if (!wanted && !lists.has(context.caller)) return { body, notes: [] };
      const home = idPlaces(record, values).find(({ at, kind }) => kind === "workspace" && at.length === 1)?.text;
      return addNames({ records, lists, admits, context, used, home, wanted }, body);
    },
    forget: ({ caller }) => lists.forget(caller),
  };
}
