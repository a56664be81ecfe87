/**
 * Runs a composite: checks its arguments, lets it call other tools by name, and enforces the caller's policy on those.
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
import { limitReads } from "./bounded-reads.ts";
import { findShortfall, shortfallText } from "../../portkey/response/completeness.ts";
import { fetchAllItems } from "../../portkey/response/walk/all-items.ts";
import type { Arguments, Outcome, RegistryParts } from "../parts.ts";
import { createOwnKeyTest } from "./own-keys.ts";

/** `call.context` is the context of each request of the call. */
export async function runComposite(
  parts: RegistryParts,
  { record, args, context: callContext }: PortkeyCall,
  policy: Policy,
): Promise<Outcome> {
  const load = parts.composites?.[record.composite ?? ""];
  if (load === undefined) throw new Error(`No composite answers ${record.name}.`);
  const { parsed, warnings } = await parts.check(record, args);
  const composite = await load();
  const context: CallContext = { ...callContext, progress: countSteps(callContext.progress), key: parsed.key };
  const allWarnings = new Set(warnings);
  const warn = (texts: readonly string[]) => texts.forEach((text) => allWarnings.add(text));
  const steps: Steps = { outer: record, dryRun: parsed.dryRun, policy, context, warn };
  const result = await composite(parsed.values, createContext(parts, steps));
  const { body: answer, notes } = await withNames(record, result, parsed, context);
  const body = parsed.dryRun ? maskDryRun(answer, findSecrets(parsed.values)) : answer;
  // The body of a failure is never reduced: it says what was done, and the call must not be repeated to see it.
  if (body["failed"] !== undefined) return { body, warnings: [...allWarnings], failed: true };
  if (parts.fit === undefined) return { body, warnings: [...allWarnings], ...notes };
  const fitted = parts.fit(record, body, args);
  return { body: fitted.body, text: fitted.text, warnings: [...allWarnings, ...fitted.warnings], ...notes };
}

/** The result of a composite that reads, with names beside its ids where they are requested or known. */
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
 * Masks secrets in a dry run's result by the names of members and by value: it repeats arguments, and a difference has
 * a field's name and its value in separate members. `would_send` has been masked where it was planned.
 */
function maskDryRun({ would_send: planned, ...others }: CompositeResult, secrets: readonly string[]): CompositeResult {
  const shown = maskQuoted(maskSecrets(others), secrets) as CompositeResult;
  return planned === undefined ? shown : { ...shown, would_send: planned };
}

interface Steps {
  readonly outer: ToolRecord;
  readonly dryRun: boolean;
  readonly policy: Policy;
  /** The context of each step's request. */
  readonly context: CallContext;
  /** Adds warnings of a step to those of the call. */
  readonly warn: (warnings: readonly string[]) => void;
}

function createContext(parts: RegistryParts, steps: Steps): CompositeContext {
  const { context, dryRun } = steps;
  return {
    ...createRequests(parts, steps),
    quote: (words) => maskQuotation(words, credentialSecrets(context.credentials)),
    dryRun,
    signal: context.signal,
    progress: context.progress ?? (() => undefined),
    settings: parts.compositeSettings ?? {},
    isOwnKey: createOwnKeyTest(context.credentials),
    ...(context.watch && { trace: context.watch.trace }),
    ...(parts.loadSchemas && { loadSchemas: parts.loadSchemas }),
    ...(parts.ownHosts && { ownHosts: parts.ownHosts }),
  };
}

/** The methods by which a composite calls other tools. */
function createRequests(
  { catalogue, portkey }: RegistryParts,
  steps: Steps,
): Pick<CompositeContext, "call" | "plan" | "open" | "callAll"> {
  const { context, warn } = steps;
  const { send, plan, open } = limitReads(portkey);
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

/** The tool that a step calls, not only plans. Throws NOT_ALLOWED where the caller's policy refuses it. */
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
 * Counts the reports of progress, with their figures in the message. Progress may only grow, and the steps of a
 * composite count different things, such as items or requests.
 */
function countSteps(report: ReportProgress | undefined): ReportProgress {
  let ticks = 0;
  return (done, total, message) =>
    report?.((ticks += 1), undefined, message ?? (total === undefined ? `${done}` : `${done} of ${total}`));
}
