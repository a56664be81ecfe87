/**
 * The audit: one JSON line for each tool call, on stderr, in a file, or both. It says who did what to which object and
 * how that ended; arguments, answers and keys are never part of it.
 */
import { maskId } from "../../log/mask.ts";
import type { PolicySubject } from "../../catalog/policy.ts";
import type { CallEvent } from "../../mcp/tools/call-event.ts";
import type { Caller } from "../../mcp/registry.ts";
import { openAuditSink, type AuditOptions } from "./audit-sink.ts";

export interface Audit {
  /** Writes the line of a call that ended. Never throws. */
  readonly record: (event: CallEvent) => void;
  /** Writes the lines of a call that its token's scopes kept from being made. Never throws. */
  readonly refused: (caller: Caller, records: readonly PolicySubject[]) => void;
  /** The place whose lines cannot be written now, where calls are to be refused for that; else undefined. */
  readonly blockedBy: () => string | undefined;
  /** Lines lost since the start. */
  readonly lost: () => number;
  /** Opens the file again under its name, after it was moved away; for SIGHUP. */
  readonly reopen: () => void;
  readonly close: () => void;
}

/**
 * `setting` is MCP_AUDIT_LOG: `off`, `stderr`, a file's path, or several of them divided by commas.
 * Throws CONFIG where a file cannot be written.
 */
export function openAudit(setting: string, options: AuditOptions = {}): Audit {
  const { overflow = "drop" } = options;
  const places = setting
    .split(",")
    .map((place) => place.trim())
    .filter((place) => place !== "" && place !== "off");
  const sinks = [...new Set(places)].map((place) => openAuditSink(place, options));

  function write(line: () => Readonly<Record<string, unknown>>): void {
    try {
      const text = `${JSON.stringify({ time: new Date().toISOString(), audit: "tool_call", ...line() })}\n`;
      for (const sink of sinks) sink.write(text);
    } catch (error) {
      // Whatever it is, the call that is recorded must not fail by it.
      options.warn?.(`The audit could not record a call: ${String(error)}`);
    }
  }

  return {
    record: (event) => write(() => lineOf(event)),
    refused: (caller, records) => {
      for (const record of records) write(() => refusedLine(caller, record));
    },
    blockedBy: () => (overflow === "refuse" ? sinks.find((sink) => sink.waiting())?.place : undefined),
    lost: () => sinks.reduce((sum, sink) => sum + sink.lost(), 0),
    reopen: () => {
      for (const sink of sinks) sink.reopen();
    },
    close: () => {
      for (const sink of sinks) sink.close();
    },
  };
}

function refusedLine(caller: Caller, { name, domain, risk }: PolicySubject): Readonly<Record<string, unknown>> {
  return {
    principal: caller.principal,
    ...caller.about,
    tool: name,
    domain,
    risk,
    outcome: "not_allowed",
    code: "INSUFFICIENT_SCOPE",
    status: 403,
  };
}

function lineOf(event: CallEvent): Readonly<Record<string, unknown>> {
  const { principal, about, tool, domain, risk, targets, dryRun, outcome, code, status } = event;
  const { requestId, key, trace, durationMs } = event;
  return {
    principal,
    ...about,
    tool,
    domain,
    risk,
    targets: Object.fromEntries(Object.entries(targets).map(([name, id]) => [name, maskId(id)])),
    dry_run: dryRun,
    outcome,
    ...(code !== undefined && { code }),
    ...(status !== undefined && { status }),
    ...(requestId !== undefined && { request_id: requestId }),
    ...(key !== undefined && { key }),
    ...(trace && { trace_id: trace.traceId, span_id: trace.spanId }),
    duration_ms: durationMs,
  };
}
