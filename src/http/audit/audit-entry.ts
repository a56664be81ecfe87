/** Entries of the audit, and their form as lines of this server's own format. */
import type { PolicySubject } from "../../catalog/policy.ts";
import { maskId } from "../../log/mask.ts";
import type { Caller } from "../../mcp/registry.ts";
import type { CallEvent } from "../../mcp/tools/call-event.ts";

/** A tool call that has ended, or was refused for missing scopes. Ids are masked. */
export interface CallEntry extends Omit<CallEvent, "durationMs" | "dryRun" | "code"> {
  readonly kind: "tool_call";
  readonly time: Date;
  readonly code?: string | undefined;
  readonly durationMs?: number;
  readonly dryRun?: boolean;
}

/** An entry about the audit itself. */
export interface AuditNote {
  readonly kind: "lines_lost" | "chain_started";
  readonly time: Date;
  readonly facts: Readonly<Record<string, unknown>>;
}

export type AuditEntry = CallEntry | AuditNote;

export function callEntry(event: CallEvent): CallEntry {
  const targets = Object.fromEntries(Object.entries(event.targets).map(([name, id]) => [name, maskId(id)]));
  return { kind: "tool_call", time: new Date(), ...event, targets };
}

export function refusedEntry(caller: Caller, { name, domain, risk }: PolicySubject): CallEntry {
  return {
    kind: "tool_call",
    time: new Date(),
    tool: name,
    domain,
    risk,
    principal: caller.principal,
    about: caller.about,
    outcome: "not_allowed",
    code: "INSUFFICIENT_SCOPE",
    status: 403,
    targets: {},
  };
}

/** This server's own format: a flat object. JSON leaves out undefined members. */
export function plainRecord(entry: AuditEntry): Readonly<Record<string, unknown>> {
  const { kind, time } = entry;
  if (entry.kind !== "tool_call") return { time: time.toISOString(), audit: kind, ...entry.facts };
  const { principal, about, tool, domain, risk, targets, dryRun, outcome, code, status } = entry;
  const { requestId, key, trace, durationMs, args } = entry;
  return {
    time: time.toISOString(),
    audit: kind,
    principal,
    client: about?.client,
    organisation: about?.organisation,
    session: about?.session,
    address: about?.address,
    tool,
    domain,
    risk,
    targets: dryRun === undefined ? undefined : targets,
    arguments: args,
    dry_run: dryRun,
    outcome,
    code,
    status,
    request_id: requestId,
    key,
    trace_id: trace?.traceId,
    span_id: trace?.spanId,
    duration_ms: durationMs,
  };
}
