/**
 * Names in a call: those that stand for ids are looked up before anything else reads the call, and an answer's ids get
 * theirs.
 */
import { decide } from "../../catalog/decide.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import type { Names } from "../../portkey/names/names.ts";
import type { Answer, CallContext } from "../../portkey/port.ts";
import type { CheckArguments } from "../parts.ts";
import type { Caller } from "../registry.ts";

type Checked = Awaited<ReturnType<CheckArguments>>;

/** A call with ids alone, and what its names became. */
export interface CallWithIds extends Checked {
  readonly notes: readonly string[];
}

interface NamingCall {
  readonly names: Names;
  readonly record: ToolRecord;
  readonly caller: Caller;
  readonly context: CallContext;
}

/** Throws what a look-up throws; nothing is sent then. */
export async function withIds(
  { names, record, caller, context }: NamingCall,
  checked: Checked,
  check: CheckArguments,
): Promise<CallWithIds> {
  const { values, key } = checked.parsed;
  const admits = (other: ToolRecord) => decide(caller.policy, other);
  const pending = names.resolve({ record, values, context: { ...context, key }, admits });
  const resolved = pending && (await pending);
  if (resolved === undefined) return { ...checked, notes: [] };
  const again = await check(record, { ...checked.args, ...resolved.values });
  // What was said of a value that is gone says nothing of the one in its place.
  const changed = Object.keys(values).filter((name) => values[name] !== resolved.values[name]);
  const before = checked.warnings.filter((warning) => !changed.some((name) => warning.startsWith(name)));
  return { ...again, warnings: [...new Set([...before, ...again.warnings])], notes: resolved.notes };
}

/** The context whose answers get names beside their ids. */
export function namingContext({ names, record, caller, context }: NamingCall, key: CallContext["key"]): CallContext {
  let used = key;
  const onKey: CallContext["onKey"] = (kind) => {
    used = kind;
    context.onKey?.(kind);
  };
  const admits = (other: ToolRecord) => decide(caller.policy, other);
  return {
    ...context,
    onKey,
    async nameIds(values, answer, wanted) {
      const call = { record, values, context: { ...context, key }, admits, used };
      const { body, notes } = await names.beside(call, answer.body, wanted);
      return body === answer.body && notes.length === 0 ? answer : renamed(answer, body, notes);
    },
  };
}

/** The answer's own JSON says nothing of the names, so it is left out. */
function renamed({ json: _json, ...answer }: Answer, body: unknown, notes: readonly string[]): Answer {
  return { ...answer, body, notes: [...(answer.notes ?? []), ...notes] };
}
