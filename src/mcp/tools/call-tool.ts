/**
 * One tool call from name to result: found, admitted, confirmed, run, recorded. No failure of a tool leaves as an
 * exception; only an unknown name does.
 */
import { clip } from "../../errors/clip.ts";
import { decide } from "../../catalog/decide.ts";
import { isObject } from "../../catalog/json.ts";
import type { FoundTool } from "../../catalog/lookup.ts";
import { readerOf } from "../../catalog/readers.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { createNames, type Names } from "../../portkey/names/names.ts";
import { callContextOf } from "./call-context.ts";
import { outcomeOf, recordedArguments, targetsOf, type CallEvent } from "./call-event.ts";
import { namingContext, withIds, type CallWithIds } from "./named-call.ts";
import { runComposite } from "./run-composite.ts";
import type { CallContext } from "../../portkey/port.ts";
import type { Arguments, CallTool, Outcome, RegistryParts } from "../parts.ts";
import type { Caller, ClientLink, ToolResult } from "../registry.ts";
import { defectResult, errorResult, resultOf } from "./tool-result.ts";
import { wholeCall, type WholeCall } from "./whole-call.ts";

type Ending = Pick<CallEvent, "outcome" | "code" | "status" | "requestId">;

/** The calls of a registry; throws PortkeyMcpError UNKNOWN_TOOL, and nothing else. */
export function createCallTool(parts: RegistryParts): CallTool {
  const { catalogue, sandbox, onCall } = parts;
  const names = createNames(catalogue.records, parts.portkey);
  const always = sandbox ? { sandbox: true } : {};
  const closestFor = ({ policy }: Caller, name: string) =>
    catalogue.closest(name).filter((near) => decide(policy, (catalogue.find(near) as FoundTool).record).allowed);

  return async (name, input, caller, link) => {
    const found = catalogue.find(name);
    if (found === undefined) throw unknownTool(name, closestFor(caller, name));
    const { record } = found;
    link.span?.tool(record.name);
    let whole = wholeCall(record, isObject(input) ? input : {});
    const notes =
      found.alias === undefined ? [] : [`Note: ${found.alias} is called ${record.name} now; both names work.`];
    const meta = {
      ...always,
      ...(found.alias === undefined ? {} : { "portkey/alias": found.alias, "portkey/tool": record.name }),
    };

    const started = performance.now();
    const kinds = new Set<string>();
    let resolved: readonly string[] = [];
    let result: ToolResult;
    let ending: Ending;
    try {
      const verdict = decide(caller.policy, record);
      if (!verdict.allowed) throw new PortkeyMcpError("NOT_ALLOWED", verdict.reason, { setting: verdict.setting });
      // From here on the call is what it means, not how it was written.
      const checked = await parts.check(record, input);
      whole = checked.parsed;
      const context = callContextOf(caller, link, (kind) => void kinds.add(kind));
      const call = await withIds({ names, record, caller, context }, checked, parts.check);
      whole = call.parsed;
      resolved = call.notes;
      const outcome = await run(parts, found, { ...call, whole }, { names, caller, link, context });
      result = resultOf(withRemarks(outcome, call), record, notes, { ...meta, ...keyMeta(kinds) });
      ending = endingOf(outcome.failed ? "error" : "ok", outcome);
    } catch (error) {
      const known = asKnown(error, link.signal);
      if (known === undefined) parts.onDefect?.(error, record.name);
      result =
        known === undefined
          ? defectResult(record, mayBeSent(record, kinds), readerOf(catalogue.records, record)?.name, {
              ...meta,
              ...keyMeta(kinds),
            })
          : errorResult(known, [...notes, ...resolved.map((note) => `Note: ${note}`)], { ...meta, ...keyMeta(kinds) });
      ending =
        known === undefined
          ? { outcome: "defect", code: "DEFECT" }
          : { ...endingOf(outcomeOf(known), known.details), code: known.code };
    }
    onCall?.({
      tool: record.name,
      domain: record.domain,
      risk: record.risk,
      ...(record.method !== undefined && record.composite === undefined && { method: record.method }),
      principal: caller.principal,
      ...(caller.about && { about: caller.about }),
      ...ending,
      ...(kinds.size > 0 && { key: textOf(kinds) }),
      ...(link.span && { trace: link.span.trace }),
      durationMs: Math.round(performance.now() - started),
      dryRun: whole.dryRun,
      targets: targetsOf(record, whole.values),
      ...(caller.auditArguments && { args: recordedArguments(whole.values, keysOf(caller)) }),
    });
    return result;
  };
}

interface CallFrom {
  readonly names: Names;
  readonly caller: Caller;
  readonly link: ClientLink;
  readonly context: CallContext;
}

async function run(
  parts: RegistryParts,
  { record }: FoundTool,
  { args, whole }: { readonly args: Arguments; readonly whole: WholeCall },
  { names, caller, link, context }: CallFrom,
): Promise<Outcome> {
  if (!whole.dryRun) await parts.confirm?.({ record, args, caller, link });
  link.signal.throwIfAborted();
  const naming = namingContext({ names, record, caller, context }, whole.key);
  try {
    if (record.composite !== undefined) return await runComposite(parts, record, args, caller, naming);
    return await parts.callRecord(record, args, naming);
  } finally {
    if (record.risk !== "read" && !whole.dryRun) names.forget(context);
  }
}

/** The outcome with the warnings and notes about the call before its own, each once. */
function withRemarks(outcome: Outcome, { warnings, notes }: Pick<CallWithIds, "warnings" | "notes">): Outcome {
  if (warnings.length + notes.length === 0) return outcome;
  return {
    ...outcome,
    warnings: [...new Set([...warnings, ...(outcome.warnings ?? [])])],
    notes: [...notes, ...(outcome.notes ?? [])],
  };
}

function keysOf({ credentials: { workspaceKey = "", adminKey = "" } }: Caller): string[] {
  return [workspaceKey, adminKey].filter((key) => key !== "");
}

/** The kinds of key that a call's requests took, as its result and its audit line say it. */
function textOf(kinds: ReadonlySet<string>): string {
  return [...kinds].sort().join(",");
}

/** Whether a request may have left: each takes a key before it does, unless its tool needs none. */
function mayBeSent(record: FoundTool["record"], kinds: ReadonlySet<string>): boolean {
  return kinds.size > 0 || record.key === "none";
}

function keyMeta(kinds: ReadonlySet<string>): Arguments {
  return kinds.size === 0 ? {} : { "portkey/key": textOf(kinds) };
}

function unknownTool(name: string, closest: readonly string[]): PortkeyMcpError {
  const shown = clip(name, 65);
  const hint = closest.length === 0 ? "tools/list has the names." : `Did you mean ${closest.join(", ")}?`;
  return new PortkeyMcpError("UNKNOWN_TOOL", `There is no tool "${shown}". ${hint}`, { tool: shown, closest });
}

/**
 * The error that the caller is told; undefined for a defect. An aborted call is cancelled, whatever it threw on its way
 * out.
 */
function asKnown(error: unknown, signal: AbortSignal): PortkeyMcpError | undefined {
  if (error instanceof PortkeyMcpError) return error;
  if (signal.aborted) return new PortkeyMcpError("CANCELLED", "The call was cancelled.", {}, { cause: error });
  return undefined;
}

function endingOf(outcome: CallEvent["outcome"], facts: Readonly<Record<string, unknown>> | Outcome): Ending {
  const { status, requestId } = facts as { status?: unknown; requestId?: unknown };
  return {
    outcome,
    ...(typeof status === "number" && { status }),
    ...(typeof requestId === "string" && { requestId }),
  };
}
