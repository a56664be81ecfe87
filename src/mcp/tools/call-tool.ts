/**
 * One tool call from name to result: found, admitted, confirmed, run, recorded. No failure of a tool leaves as an
 * exception; only an unknown name does.
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
import { callContextOf } from "./call-context.ts";
import { answeredEnd, defectEnd, eventOf, failedEnd, type CallEnd, type RunningCall } from "./call-end.ts";
import { namingContext, withIds } from "./named-call.ts";
import { runComposite } from "./run-composite.ts";
import { wholeCall } from "./whole-call.ts";

/** The calls of a registry; throws PortkeyMcpError UNKNOWN_TOOL, and nothing else. */
export function createCallTool(parts: RegistryParts): CallTool {
  const { catalogue, onCall } = parts;
  const machinery: Machinery = { parts, names: createNames(catalogue.records, parts.portkey) };
  const always = parts.sandbox ? { sandbox: true } : {};
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
      meta: alias === undefined ? always : { ...always, "portkey/alias": alias, "portkey/tool": record.name },
      kinds: new Set(),
      whole: wholeCall(record, isObject(input) ? input : {}),
      resolved: [],
    };
    const started = performance.now();
    const { result, ending } = await endOf(call, input, machinery);
    onCall?.(eventOf(call, ending, performance.now() - started));
    return result;
  };
}

interface Machinery {
  readonly parts: RegistryParts;
  readonly names: Names;
}

/** Never throws: a failure is an end too. */
async function endOf(call: RunningCall, input: unknown, machinery: Machinery): Promise<CallEnd> {
  try {
    return await runToAnswer(call, input, machinery);
  } catch (error) {
    const known = asKnown(error, call.link.signal);
    if (known !== undefined) return failedEnd(call, known);
    const { parts } = machinery;
    parts.onDefect?.(error, call.record.name);
    return defectEnd(call, parts.catalogue.records);
  }
}

/** Admits the call, finds out what it means, and runs it. */
async function runToAnswer(call: RunningCall, input: unknown, machinery: Machinery): Promise<CallEnd> {
  const { record, caller, link, kinds } = call;
  const { parts, names } = machinery;
  const verdict = decide(caller.policy, record);
  if (!verdict.allowed) throw new PortkeyMcpError("NOT_ALLOWED", verdict.reason, { setting: verdict.setting });
  // From here on the call is what it means, not how it was written.
  const checked = await parts.check(record, input);
  call.whole = checked.parsed;
  const context = callContextOf(caller, link, (kind) => void kinds.add(kind));
  const meant = await withIds({ names, record, caller, context }, checked, parts.check);
  call.whole = meant.parsed;
  call.resolved = meant.notes;
  return answeredEnd(call, await run(call, meant.args, context, machinery), meant.warnings);
}

/** Asks where somebody must confirm, and makes the call's requests. */
async function run(
  { record, caller, link, whole }: RunningCall,
  args: Arguments,
  context: CallContext,
  { parts, names }: Machinery,
): Promise<Outcome> {
  if (!whole.dryRun) await parts.confirm?.({ record, args, caller, link });
  link.signal.throwIfAborted();
  const naming = namingContext({ names, record, caller, context }, whole.key);
  try {
    if (record.composite === undefined) return await parts.callRecord(record, args, naming);
    return await runComposite(parts, { record, args, context: naming }, caller.policy);
  } finally {
    if (record.risk !== "read" && !whole.dryRun) names.forget(context);
  }
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
