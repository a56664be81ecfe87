/**
 * Names in the place of ids, and beside them. One for a registry: it keeps the lists that names were found in, for each
 * caller by itself.
 */
import type { Verdict } from "../../catalog/policy.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import type { CallContext, Portkey } from "../port.ts";
import { addNames, type NamedBody } from "./add-names.ts";
import { createNameLists } from "./name-lists.ts";
import { idPlaces } from "./name-references.ts";
import { resolveNames, type ResolvedCall } from "./resolve-names.ts";

type Values = Readonly<Record<string, unknown>>;

/** A call whose ids are looked up, or whose answer's ids are named. */
export interface NamedCall {
  readonly record: ToolRecord;
  readonly values: Values;
  readonly context: CallContext;
  /** Whether the caller may call a tool. */
  readonly admits: (record: ToolRecord) => Verdict;
  /** The kind of key that the answer came to. */
  readonly used?: CallContext["key"];
}

export interface Names {
  /** The arguments with ids where names stood; undefined where there are none. */
  resolve(call: NamedCall): Promise<ResolvedCall | undefined> | undefined;
  /** An answer with names beside its ids; `wanted`: also where lists have to be read for it. */
  beside(call: NamedCall, body: unknown, wanted: boolean): Promise<NamedBody>;
  /** The call has changed something: what is kept for its caller may be behind. */
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
