/**
 * Looks up the objects of a kind for a call. The caller's policy applies as for any call, so that a caller who may not
 * list the objects cannot learn their names, or whether there are any.
 */
import type { Verdict } from "../../catalog/policy.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { badInput, formatPath } from "../request/problem.ts";
import type { CallContext } from "../port.ts";
import type { ListRequest, NameLists } from "./name-lists.ts";
import type { IdPlace } from "./name-references.ts";
import type { NamedObject } from "./named-objects.ts";
import { listOf } from "./object-kinds.ts";

export interface LookUpParts {
  readonly records: readonly ToolRecord[];
  readonly lists: NameLists;
  /** Whether the caller may call a tool. */
  readonly admits: (record: ToolRecord) => Verdict;
  readonly context: CallContext;
  /** The look-ups of this call by list and workspace, so that each list is read once. */
  readonly opened: Map<string, Looker>;
}

/** Reads the objects; with `afresh`, a cached list is read again. */
export type Looker = (afresh?: boolean) => Promise<readonly NamedObject[]>;

/** A look-up for an id's place. `home` is the call's workspace. Throws where the caller may not list such objects. */
export async function lookerFor(
  { records, lists, admits, context, opened }: LookUpParts,
  record: ToolRecord,
  place: IdPlace,
  home: string | undefined,
): Promise<Looker> {
  const list = listOf(records, place.kind);
  const path = formatPath(place.at);
  if (list === undefined) throw badInput(record.name, [{ path, text: `must be an id: no tool lists ${place.kind}s` }]);
  const verdict = admits(list);
  if (!verdict.allowed) throw notAllowed(record, place, list, verdict);
  // The source of a copy may be in another workspace than the copy.
  const isSource = String(place.at[0]).startsWith("source");
  const workspace = place.kind === "workspace" || isSource ? undefined : home;
  const key = JSON.stringify([list.name, workspace]);
  const known = opened.get(key);
  if (known !== undefined) return known;
  const failed = (error: unknown) => {
    throw lookUpFailed(record, place, list, error);
  };
  const looker = lookerOver(lists, { list, workspace, context }, record.risk !== "read", failed);
  opened.set(key, looker);
  return looker;
}

/** A cached list may be out of date. A read uses it, and reads it again before a name counts as unknown. */
function lookerOver(
  lists: NameLists,
  request: ListRequest,
  isWrite: boolean,
  failed: (error: unknown) => never,
): Looker {
  let isFresh = isWrite || lists.kept(request) === undefined;
  let read: Promise<readonly NamedObject[]> | undefined;
  return (afresh = false) => {
    if (read !== undefined && (isFresh || !afresh)) return read;
    isFresh ||= afresh;
    read = lists.read({ ...request, afresh: isFresh }).catch(failed);
    return read;
  };
}

function notAllowed(
  record: ToolRecord,
  { at, kind }: IdPlace,
  list: ToolRecord,
  { setting, reason }: Exclude<Verdict, { allowed: true }>,
): PortkeyMcpError {
  return new PortkeyMcpError(
    "NOT_ALLOWED",
    `${record.name}: nothing was sent. ${formatPath(at)} gives a ${kind} by name, which ${list.name} looks up. ` +
      `${reason} Pass the id.`,
    { tool: record.name, setting },
  );
}

function lookUpFailed(record: ToolRecord, { at, kind }: IdPlace, list: ToolRecord, error: unknown): unknown {
  if (!(error instanceof PortkeyMcpError) || error.code === "CANCELLED") return error;
  return new PortkeyMcpError(
    error.code,
    `${record.name}: nothing was sent. ${formatPath(at)} gives a ${kind} by name, and ${list.name}, which looks it ` +
      `up, failed: pass the id, or call again. ${error.message}`,
    error.details,
    { cause: error },
  );
}
