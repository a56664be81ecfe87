/**
 * Runs one tool call: finds the tool, checks policy and arguments, asks for confirmation, calls, and records the call.
 * A tool's failure is a result, not an exception; only an unknown name throws.
 */
import { clip } from "../../errors/clip.ts";
import { decide } from "../../catalog/decide.ts";
import { isObject } from "../../catalog/json.ts";
import type { FoundTool } from "../../catalog/lookup.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { createNames, type Names } from "../../portkey/names/names.ts";
import type { CallContext } from "../../portkey/port.ts";
import type { Arguments, CallTool, Outcome, RegistryParts } from "../parts.ts";
import type { Caller } from "../registry.ts";
import { createCallContext } from "./call-context.ts";
import { answerEnd, createCallEvent, defectEnd, errorEnd, type CallEnd, type RunningCall } from "./call-end.ts";
import { createNamingContext, resolveNames } from "./named-call.ts";
import { runComposite } from "./run-composite.ts";
import { unpackCall } from "./unpack-call.ts";

/** The returned function throws PortkeyMcpError UNKNOWN_TOOL, and nothing else. */
export function createCallTool(parts: RegistryParts): CallTool {
  const { catalogue, onCall } = parts;
  const callParts: CallParts = { parts, names: createNames(catalogue.records, parts.portkey) };
  const commonMeta = parts.sandbox ? { sandbox: true } : {};
  const closestFor = ({ policy }: Caller, name: string) =>
    catalogue.closest(name).filter((near) => decide(policy, (catalogue.find(near) as FoundTool).record).allowed);

  return async (name, input, caller, link) => {
    const found = catalogue.find(name);
    if (found === undefined) throw unknownTool(name, closestFor(caller, name));
    const { record, alias } = found;
    link.span?.tool(record.name);
    const call: RunningCall = {
      record,
      caller,
      link,
      notes: alias === undefined ? [] : [`Note: ${alias} is called ${record.name} now; both names work.`],
      meta: alias === undefined ? commonMeta : { ...commonMeta, "portkey/alias": alias, "portkey/tool": record.name },
      kinds: new Set(),
      unpacked: unpackCall(record, isObject(input) ? input : {}),
      resolved: [],
    };
    const started = performance.now();
    const { result, ending } = await runToEnd(call, input, callParts);
    onCall?.(createCallEvent(call, ending, performance.now() - started));
    return result;
  };
}

interface CallParts {
  readonly parts: RegistryParts;
  readonly names: Names;
}

/** Never throws: an error is an end too. */
async function runToEnd(call: RunningCall, input: unknown, callParts: CallParts): Promise<CallEnd> {
  try {
    return await runToAnswer(call, input, callParts);
  } catch (error) {
    const expected = toExpectedError(error, call.link.signal);
    if (expected !== undefined) return errorEnd(call, expected);
    const { parts } = callParts;
    parts.onDefect?.(error, call.record.name);
    return defectEnd(call, parts.catalogue.records);
  }
}

/** Checks policy and arguments, replaces names by ids, and runs the call. */
async function runToAnswer(call: RunningCall, input: unknown, callParts: CallParts): Promise<CallEnd> {
  const { record, caller, link, kinds } = call;
  const { parts, names } = callParts;
  const verdict = decide(caller.policy, record);
  if (!verdict.allowed) throw new PortkeyMcpError("NOT_ALLOWED", verdict.reason, { setting: verdict.setting });
  // From here on only the checked arguments are used.
  const checked = await parts.check(record, input);
  call.unpacked = checked.parsed;
  const context = createCallContext(caller, link, (kind) => void kinds.add(kind));
  const callWithIds = await resolveNames({ names, record, caller, context }, checked, parts.check);
  call.unpacked = callWithIds.parsed;
  call.resolved = callWithIds.notes;
  return answerEnd(call, await run(call, callWithIds.args, context, callParts), callWithIds.warnings);
}

/** Asks for confirmation where that is needed, and sends the call's requests. */
async function run(
  { record, caller, link, unpacked }: RunningCall,
  args: Arguments,
  context: CallContext,
  { parts, names }: CallParts,
): Promise<Outcome> {
  if (!unpacked.dryRun) await parts.confirm?.({ record, args, caller, link });
  link.signal.throwIfAborted();
  const naming = createNamingContext({ names, record, caller, context }, unpacked.key);
  try {
    if (record.composite === undefined) return await parts.callRecord(record, args, naming);
    return await runComposite(parts, { record, args, context: naming }, caller.policy);
  } finally {
    if (record.risk !== "read" && !unpacked.dryRun) names.forget(context);
  }
}

function unknownTool(name: string, closest: readonly string[]): PortkeyMcpError {
  const shown = clip(name, 65);
  const hint = closest.length === 0 ? "tools/list has the names." : `Did you mean ${closest.join(", ")}?`;
  return new PortkeyMcpError("UNKNOWN_TOOL", `There is no tool "${shown}". ${hint}`, { tool: shown, closest });
}

/** The error for the caller; undefined for a defect. An aborted call counts as cancelled, whatever it threw. */
function toExpectedError(error: unknown, signal: AbortSignal): PortkeyMcpError | undefined {
  if (error instanceof PortkeyMcpError) return error;
  if (signal.aborted) return new PortkeyMcpError("CANCELLED", "The call was cancelled.", {}, { cause: error });
  return undefined;
}
