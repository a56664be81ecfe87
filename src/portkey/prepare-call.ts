/** Prepares a call: checks and binds its arguments, checks its headers, chooses its key. */
import type { ToolRecord } from "../catalog/record.ts";
import type { KeyChooser, KeyFor } from "./keys/choose-key.ts";
import type { PortkeyCall } from "./port.ts";
import type { ParsedArguments } from "./request/arguments.ts";
import type { CheckCall } from "./request/check.ts";
import { isHeaderText } from "./request/header-text.ts";
import { badInput } from "./request/problem.ts";
import type { OutgoingRequest } from "./transport/client.ts";

export interface PreparedCall {
  readonly parsed: ParsedArguments;
  /** The request, without the headers that authenticate the caller. */
  readonly outgoing: Omit<OutgoingRequest, "access">;
  readonly used: KeyFor;
  readonly warnings: readonly string[];
}

/**
 * Throws BAD_INPUT, MISSING_KEY or NOT_ALLOWED. With `planned` (a dry run), an object that the key cannot reach causes
 * a warning instead.
 */
export type PrepareCall = (call: PortkeyCall, planned?: true) => Promise<PreparedCall>;

export function createPrepareCall(check: CheckCall, keys: Pick<KeyChooser, "choose">): PrepareCall {
  return async ({ record, args, context }, planned) => {
    const { headers = {} } = context;
    if (record.method === undefined) throw new TypeError(`${record.name} has no request of its own`);
    const { parsed, request, warnings } = await check(record, args);
    requireHeaderText(record, headers);
    const asked = parsed.key ?? (context.key === "token" ? undefined : context.key);
    const choice = keys.choose({ record, values: parsed.values, asked, context, ...(planned && { planned }) });
    // Usually not a promise, and then the call goes on in the same turn.
    const used = "then" in choice ? await choice : choice;
    if (used.key.kind !== "none") context.onKey?.(used.key.kind);
    const outgoing = { record, bound: request, headers };
    return { parsed, outgoing, used, warnings: [...warnings, ...used.key.warnings] };
  };
}

function requireHeaderText({ name: tool }: ToolRecord, headers: Readonly<Record<string, string>>): void {
  const bad = Object.entries(headers).filter(([, value]) => !isHeaderText(value));
  if (bad.length === 0) return;
  const problems = bad.map(([name]) => ({ path: name, text: "holds characters that a header cannot carry" }));
  throw badInput(tool, problems);
}
