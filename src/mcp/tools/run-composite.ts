/**
 * Runs a composite: checks its arguments, gives it the plain tools by name, and keeps it within the caller's policy.
 */
import { decideInside } from "../../catalog/decide.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import type { CompositeContext, CompositeResult } from "../../composites/composite.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { maskQuoted, maskSecrets, secretsIn } from "../../log/mask.ts";
import type { CallContext, ReportProgress } from "../../portkey/port.ts";
import { fetchAllItems } from "../../portkey/response/walk.ts";
import type { Arguments, Outcome, RegistryParts } from "../parts.ts";
import type { Caller, ClientLink } from "../registry.ts";

export async function runComposite(
  parts: RegistryParts,
  record: ToolRecord,
  args: Arguments,
  caller: Caller,
  link: ClientLink,
): Promise<Outcome> {
  const load = parts.composites?.[record.composite ?? ""];
  if (load === undefined) throw new Error(`No composite answers ${record.name}.`);
  const { parsed, warnings } = await parts.check(record, args);
  const composite = await load();
  const answer = await composite(parsed.values, contextFor(parts, record, parsed.dryRun, caller, link));
  const body = parsed.dryRun ? masked(answer, secretsIn(parsed.values)) : answer;
  // What was done before a failure is never reduced: it cannot be asked for again.
  if (body["failed"] !== undefined) return { body, warnings, failed: true };
  if (parts.fit === undefined) return { body, warnings };
  const fitted = parts.fit(record, body, args);
  return { body: fitted.body, text: fitted.text, warnings: [...warnings, ...fitted.warnings] };
}

/**
 * A dry run repeats what was given, and a difference names a field beside its value: so what it says is masked by name
 * and by value. The requests it would send are masked where they are planned.
 */
function masked({ would_send: planned, ...others }: CompositeResult, secrets: readonly string[]): CompositeResult {
  const shown = maskQuoted(maskSecrets(others), secrets) as CompositeResult;
  return planned === undefined ? shown : { ...shown, would_send: planned };
}

function contextFor(
  parts: RegistryParts,
  outer: ToolRecord,
  dryRun: boolean,
  caller: Caller,
  link: ClientLink,
): CompositeContext {
  const { catalogue, portkey, compositeSettings = {} } = parts;
  const progress = ticking(link.progress);
  const context: CallContext = { credentials: caller.credentials, signal: link.signal, progress };

  const plain = (name: string, writes: boolean): ToolRecord => {
    const record = catalogue.find(name)?.record;
    if (record === undefined) throw new Error(`${outer.name} calls ${name}, which is no tool.`);
    if (!writes) return record;
    if (dryRun && record.risk !== "read") throw new Error(`${outer.name} calls ${name}, which writes, in a dry run.`);
    const verdict = decideInside(caller.policy, record);
    if (!verdict.allowed) {
      throw new PortkeyMcpError("NOT_ALLOWED", `${outer.name} needs ${name} for this. ${verdict.reason}`, {
        setting: verdict.setting,
      });
    }
    return record;
  };

  const open = portkey.open?.bind(portkey);
  return {
    call: (tool, args, options) => portkey.send(plain(tool, true), args, { ...context, ...options }),
    plan: (tool, args, options) => portkey.plan(plain(tool, false), args, { ...context, ...options }),
    ...(open !== undefined && {
      open: (tool, args, options) => open(plain(tool, true), args, { ...context, ...options }),
    }),
    callAll: (tool, args, limit) => fetchAllItems(portkey, plain(tool, true), args, context, limit),
    dryRun,
    signal: link.signal,
    progress,
    settings: compositeSettings,
  };
}

/**
 * A composite's steps count differently, items here and requests there, but progress may only grow: so each report is
 * one tick, and its figures go into the message.
 */
function ticking(report: ReportProgress | undefined): ReportProgress {
  let ticks = 0;
  return (done, total, message) =>
    report?.((ticks += 1), undefined, message ?? (total === undefined ? `${done}` : `${done} of ${total}`));
}
