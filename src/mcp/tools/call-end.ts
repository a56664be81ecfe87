/** How a tool call ended: the result for its caller, and what is recorded of it. */
import type { Json } from "../../catalog/json.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { findReader } from "../../catalog/readers.ts";
import type { PortkeyMcpError } from "../../errors/errors.ts";
import type { Arguments, Outcome } from "../parts.ts";
import type { Caller, ClientLink, ToolResult } from "../registry.ts";
import { outcomeOf, recordedArguments, targetsOf, type CallEvent } from "./call-event.ts";
import { defectResult, errorResult, resultOf } from "./tool-result.ts";
import type { WholeCall } from "./whole-call.ts";

/** A call on its way: what is known of it so far. */
export interface RunningCall {
  readonly record: ToolRecord;
  readonly caller: Caller;
  readonly link: ClientLink;
  /** Lines about the tool itself, such as its newer name, and what `_meta` says of it. */
  readonly notes: readonly string[];
  readonly meta: Json;
  /** The kinds of key that its requests took. */
  readonly kinds: Set<string>;
  /** Until it is checked, as it was written; then as it is meant. */
  whole: WholeCall;
  /** What the names in it became. */
  resolved: readonly string[];
}

export type Ending = Pick<CallEvent, "outcome" | "code" | "status" | "requestId">;

export interface CallEnd {
  readonly result: ToolResult;
  readonly ending: Ending;
}

/** `warnings` are about the call, and stand before those of its answer, each once. */
export function answeredEnd(call: RunningCall, outcome: Outcome, warnings: readonly string[]): CallEnd {
  const said = withRemarks(outcome, warnings, call.resolved);
  return {
    result: resultOf(said, call.record, call.notes, metaOf(call)),
    ending: endingOf(outcome.failed ? "error" : "ok", outcome),
  };
}

export function failedEnd(call: RunningCall, error: PortkeyMcpError): CallEnd {
  const notes = [...call.notes, ...call.resolved.map((note) => `Note: ${note}`)];
  return {
    result: errorResult(error, notes, metaOf(call)),
    ending: { ...endingOf(outcomeOf(error), error.details), code: error.code },
  };
}

/** Of an error of this server's own nothing is told but what the caller must know. */
export function defectEnd(call: RunningCall, records: readonly ToolRecord[]): CallEnd {
  const { record, kinds } = call;
  // Each request takes a key before it leaves, unless its tool needs none.
  const mayBeSent = kinds.size > 0 || record.key === "none";
  return {
    result: defectResult(record, mayBeSent, findReader(records, record)?.name, metaOf(call)),
    ending: { outcome: "defect", code: "DEFECT" },
  };
}

/** What the audit and the metrics get. */
export function eventOf(call: RunningCall, ending: Ending, durationMs: number): CallEvent {
  const { record, caller, link, kinds, whole } = call;
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
    dryRun: whole.dryRun,
    targets: targetsOf(record, whole.values),
    args: caller.auditArguments ? recordedArguments(whole.values, keysOf(caller)) : undefined,
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

/** The kinds of key that a call's requests took, as its result and its audit line say it. */
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
