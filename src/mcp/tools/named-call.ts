/**
 * Names instead of ids in calls: replaces the names in a call's arguments by ids, and adds names to the ids in its
 * answers.
 */
import { decide } from "../../catalog/decide.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import type { Names } from "../../portkey/names/names.ts";
import type { Answer, CallContext } from "../../portkey/port.ts";
import type { CheckArguments } from "../parts.ts";
import type { Caller } from "../registry.ts";

type Checked = Awaited<ReturnType<CheckArguments>>;

/** A call whose names have been replaced by ids, with notes about which. */
export interface CallWithIds extends Checked {
  readonly notes: readonly string[];
}

interface NamingCall {
  readonly names: Names;
  readonly record: ToolRecord;
  readonly caller: Caller;
  readonly context: CallContext;
}

/** Replaces names by ids. Throws what a look-up throws; then nothing has been written. */
export async function resolveNames(
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
  // Warnings about a replaced value do not apply any more.
  const changed = Object.keys(values).filter((name) => values[name] !== resolved.values[name]);
  const before = checked.warnings.filter((warning) => !changed.some((name) => isAbout(warning, name)));
  return { ...again, warnings: [...new Set([...before, ...again.warnings])], notes: resolved.notes };
}

/** A warning begins with the path of what it is about: `id`, `id[0]` or `id.part` for the argument `id`. */
function isAbout(warning: string, name: string): boolean {
  return warning.startsWith(name) && !/^\w/.test(warning.slice(name.length));
}

/** The context with `nameIds`, which adds names to the ids of an answer. */
export function createNamingContext(
  { names, record, caller, context }: NamingCall,
  key: CallContext["key"],
): CallContext {
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
      return body === answer.body && notes.length === 0 ? answer : withBody(answer, body, notes);
    },
  };
}

/** The answer with another body, without the JSON text of the old one. */
function withBody({ json: _json, ...answer }: Answer, body: unknown, notes: readonly string[]): Answer {
  return { ...answer, body, notes: [...(answer.notes ?? []), ...notes] };
}
