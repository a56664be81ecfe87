/**
 * Runs a composite: checks its arguments, gives it the plain tools by name, and keeps it within the caller's policy.
 */
import { decideInside } from "../../catalog/decide.ts";
import type { Catalogue } from "../../catalog/lookup.ts";
import type { Policy } from "../../catalog/policy.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import type { CompositeContext, CompositeResult } from "../../composites/composite.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { maskQuotation, maskQuoted, maskSecrets, findSecrets } from "../../log/mask.ts";
import { credentialSecrets } from "../../portkey/credentials.ts";
import type { CallContext, PortkeyCall, ReportProgress } from "../../portkey/port.ts";
import { boundedReads } from "./bounded-reads.ts";
import { findShortfall, shortfallText } from "../../portkey/response/completeness.ts";
import { fetchAllItems } from "../../portkey/response/walk/all-items.ts";
import type { Arguments, Outcome, RegistryParts } from "../parts.ts";
import { ownKeyTest } from "./own-keys.ts";

/** `call.context` is what every request of the call carries. */
export async function runComposite(
  parts: RegistryParts,
  { record, args, context: carried }: PortkeyCall,
  policy: Policy,
): Promise<Outcome> {
  const load = parts.composites?.[record.composite ?? ""];
  if (load === undefined) throw new Error(`No composite answers ${record.name}.`);
  const { parsed, warnings } = await parts.check(record, args);
  const composite = await load();
  const context: CallContext = { ...carried, progress: ticking(carried.progress), key: parsed.key };
  const found = new Set(warnings);
  const warn = (texts: readonly string[]) => texts.forEach((text) => found.add(text));
  const steps: Steps = { outer: record, dryRun: parsed.dryRun, policy, context, warn };
  const said = await composite(parsed.values, contextFor(parts, steps));
  const { body: answer, notes } = await withNames(record, said, parsed, context);
  const body = parsed.dryRun ? masked(answer, findSecrets(parsed.values)) : answer;
  // What was done before a failure is never reduced: it cannot be asked for again.
  if (body["failed"] !== undefined) return { body, warnings: [...found], failed: true };
  if (parts.fit === undefined) return { body, warnings: [...found], ...notes };
  const fitted = parts.fit(record, body, args);
  return { body: fitted.body, text: fitted.text, warnings: [...found, ...fitted.warnings], ...notes };
}

/** What a reading composite says, with names beside its ids where they are asked for or known. */
async function withNames(
  { risk }: ToolRecord,
  body: CompositeResult,
  { values, names = false }: { readonly values: Arguments; readonly names?: boolean },
  { nameIds }: CallContext,
): Promise<{ readonly body: CompositeResult; readonly notes: Pick<Outcome, "notes"> }> {
  if (risk !== "read" || nameIds === undefined) return { body, notes: {} };
  const named = await nameIds(values, { status: 200, body, warnings: [] }, names);
  return { body: named.body as CompositeResult, notes: { ...(named.notes && { notes: named.notes }) } };
}

/**
 * A dry run repeats what was given, and a difference names a field beside its value: so what it says is masked by name
 * and by value. The requests it would send are masked where they are planned.
 */
function masked({ would_send: planned, ...others }: CompositeResult, secrets: readonly string[]): CompositeResult {
  const shown = maskQuoted(maskSecrets(others), secrets) as CompositeResult;
  return planned === undefined ? shown : { ...shown, would_send: planned };
}

interface Steps {
  readonly outer: ToolRecord;
  readonly dryRun: boolean;
  readonly policy: Policy;
  /** What each step's request carries. */
  readonly context: CallContext;
  /** Takes what a step found that the whole call's caller should know. */
  readonly warn: (warnings: readonly string[]) => void;
}

function contextFor(parts: RegistryParts, steps: Steps): CompositeContext {
  const { context, dryRun } = steps;
  return {
    ...requestsOf(parts, steps),
    quote: (words) => maskQuotation(words, credentialSecrets(context.credentials)),
    dryRun,
    signal: context.signal,
    progress: context.progress ?? (() => undefined),
    settings: parts.compositeSettings ?? {},
    isOwnKey: ownKeyTest(context.credentials),
    ...(context.watch && { trace: context.watch.trace }),
    ...(parts.loadSchemas && { loadSchemas: parts.loadSchemas }),
    ...(parts.ownHosts && { ownHosts: parts.ownHosts }),
  };
}

/** The plain tools by name, as a composite calls them. */
function requestsOf(
  { catalogue, portkey }: RegistryParts,
  steps: Steps,
): Pick<CompositeContext, "call" | "plan" | "open" | "callAll"> {
  const { context, warn } = steps;
  const { send, plan, open } = boundedReads(portkey);
  return {
    async call(tool, args, options) {
      const record = calledTool(catalogue, steps, tool);
      const answer = await send(record, args, { ...context, ...options });
      const shortfall = findShortfall(record, answer.body);
      if (shortfall !== undefined) warn([`${tool}: ${shortfallText(shortfall)}`]);
      return answer;
    },
    async plan(tool, args, options) {
      const record = namedTool(catalogue, steps, tool);
      const planned = await plan(record, args, { ...context, ...options });
      warn(planned.warnings);
      return planned;
    },
    ...(open !== undefined && {
      open: (tool, args, options) => open(calledTool(catalogue, steps, tool), args, { ...context, ...options }),
    }),
    async callAll(tool, args, limit, onShort) {
      const record = calledTool(catalogue, steps, tool);
      const { items, shortfall } = await fetchAllItems({ send, plan }, { record, args, context }, limit);
      if (shortfall !== undefined) {
        warn([`${tool}: ${shortfallText(shortfall)}`]);
        onShort?.(shortfallText(shortfall));
      }
      return [...items];
    },
  };
}

function namedTool(catalogue: Catalogue, { outer }: Steps, name: string): ToolRecord {
  const record = catalogue.find(name)?.record;
  if (record === undefined) throw new Error(`${outer.name} calls ${name}, which is no tool.`);
  return record;
}

/** The tool of a step that is really called. Throws NOT_ALLOWED where the caller's policy has not admitted it. */
function calledTool(catalogue: Catalogue, steps: Steps, name: string): ToolRecord {
  const { outer, dryRun, policy } = steps;
  const record = namedTool(catalogue, steps, name);
  if (dryRun && record.risk !== "read") throw new Error(`${outer.name} calls ${name}, which writes, in a dry run.`);
  const verdict = decideInside(policy, record);
  if (verdict.allowed) return record;
  throw new PortkeyMcpError("NOT_ALLOWED", `${outer.name} needs ${name} for this. ${verdict.reason}`, {
    setting: verdict.setting,
  });
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
