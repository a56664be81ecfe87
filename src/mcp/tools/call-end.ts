/** The end of a tool call: the result for the caller, and the event for the audit and the metrics. */
import type { Json } from "../../catalog/json.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { findReader } from "../../catalog/readers.ts";
import type { PortkeyMcpError } from "../../errors/errors.ts";
import type { Arguments, Outcome } from "../parts.ts";
import type { Caller, ClientLink, ToolResult } from "../registry.ts";
import { outcomeOf, recordedArguments, targetsOf, type CallEvent } from "./call-event.ts";
import { answerResult, defectResult, errorResult } from "./tool-result.ts";
import type { UnpackedCall } from "./unpack-call.ts";

/** What is known so far of a running call. */
export interface RunningCall {
  readonly record: ToolRecord;
  readonly caller: Caller;
  readonly link: ClientLink;
  /** Notes about the tool itself, such as its newer name. */
  readonly notes: readonly string[];
  /** Members of the result's `_meta` about the tool itself. */
  readonly meta: Json;
  /** The kinds of keys that its requests have used. */
  readonly kinds: Set<string>;
  /** The unchecked arguments; after the check, the checked ones. */
  unpacked: UnpackedCall;
  /** Notes about names that were replaced by ids. */
  resolved: readonly string[];
}

export type Ending = Pick<CallEvent, "outcome" | "code" | "status" | "requestId">;

export interface CallEnd {
  readonly result: ToolResult;
  readonly ending: Ending;
}

/** The end of a call with an answer. `warnings` are about the call; they precede those of the answer. */
export function answerEnd(call: RunningCall, outcome: Outcome, warnings: readonly string[]): CallEnd {
  const completed = withRemarks(outcome, warnings, call.resolved);
  return {
    result: answerResult(completed, call.record, call.notes, metaOf(call)),
    ending: endingOf(outcome.failed ? "error" : "ok", outcome),
  };
}

/** The end of a call with an error that its caller may see. */
export function errorEnd(call: RunningCall, error: PortkeyMcpError): CallEnd {
  const notes = [...call.notes, ...call.resolved.map((note) => `Note: ${note}`)];
  return {
    result: errorResult(error, notes, metaOf(call)),
    ending: { ...endingOf(outcomeOf(error), error.details), code: error.code },
  };
}

/** The end of a call with an unexpected error, whose text the caller does not get. */
export function defectEnd(call: RunningCall, records: readonly ToolRecord[]): CallEnd {
  const { record, kinds } = call;
  // A request chooses its key before it is sent, unless its tool needs none.
  const mayBeSent = kinds.size > 0 || record.key === "none";
  return {
    result: defectResult(record, mayBeSent, findReader(records, record)?.name, metaOf(call)),
    ending: { outcome: "defect", code: "DEFECT" },
  };
}

/** The event for the audit and the metrics. */
export function createCallEvent(call: RunningCall, ending: Ending, durationMs: number): CallEvent {
  const { record, caller, link, kinds, unpacked } = call;
  const { outcome, code, status, requestId } = ending;
  return {
    tool: record.name,
    domain: record.domain,
    risk: record.risk,
    method: record.composite === undefined ? record.method : undefined,
    principal: caller.principal,
    about: caller.about,
    outcome,
    code,
    status,
    requestId,
    key: kinds.size > 0 ? textOf(kinds) : undefined,
    trace: link.span?.trace,
    durationMs: Math.round(durationMs),
    dryRun: unpacked.dryRun,
    targets: targetsOf(record, unpacked.values),
    args: caller.auditArguments ? recordedArguments(unpacked.values, keysOf(caller)) : undefined,
  };
}

function withRemarks(outcome: Outcome, warnings: readonly string[], notes: readonly string[]): Outcome {
  if (warnings.length + notes.length === 0) return outcome;
  return {
    ...outcome,
    warnings: [...new Set([...warnings, ...(outcome.warnings ?? [])])],
    notes: [...notes, ...(outcome.notes ?? [])],
  };
}

function metaOf({ meta, kinds }: RunningCall): Arguments {
  return kinds.size === 0 ? meta : { ...meta, "portkey/key": textOf(kinds) };
}

/** The kinds of keys as one text, for `_meta` and the audit. */
function textOf(kinds: ReadonlySet<string>): string {
  return [...kinds].sort().join(",");
}

function keysOf({ credentials: { workspaceKey = "", adminKey = "" } }: Caller): string[] {
  return [workspaceKey, adminKey].filter((key) => key !== "");
}

function endingOf(outcome: CallEvent["outcome"], facts: Readonly<Record<string, unknown>> | Outcome): Ending {
  const { status, requestId } = facts as { status?: unknown; requestId?: unknown };
  return {
    outcome,
    status: typeof status === "number" ? status : undefined,
    requestId: typeof requestId === "string" ? requestId : undefined,
  };
}
