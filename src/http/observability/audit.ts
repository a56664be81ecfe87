/**
 * The audit: one JSON line for each tool call, on stderr, in a file, or both. It says who did what to which object and
 * how that ended; arguments, answers and keys are never part of it.
 */
import { pino } from "pino";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { maskSecret } from "../../log/mask.ts";
import type { PolicySubject } from "../../catalog/policy.ts";
import type { CallEvent } from "../../mcp/tools/call-event.ts";
import type { Caller } from "../../mcp/registry.ts";

export interface Audit {
  /** Writes the line of a call that ended. Never throws. */
  readonly record: (event: CallEvent) => void;
  /** Writes the lines of a call that its token's scopes kept from being made. Never throws. */
  readonly refused: (caller: Caller, records: readonly PolicySubject[]) => void;
  /** Opens the file again under its name, after it was moved away; for SIGHUP. */
  readonly reopen: () => void;
  readonly close: () => void;
}

export interface AuditOptions {
  /** Told when a line could not be written, once until writing works again. */
  readonly warn?: (message: string) => void;
  /** The process's stderr is 2. */
  readonly stderr?: number;
}

/** An id may hold anything a model wrote, a key put in the wrong place included. */
const LOOKS_SECRET = /^(bearer\s|sk-|pk-|eyJ)|[A-Za-z0-9+/_-]{48,}/i;

/**
 * `setting` is MCP_AUDIT_LOG: `off`, `stderr`, a file's path, or several of them divided by commas.
 * Throws CONFIG where a file cannot be written.
 */
export function openAudit(setting: string, { warn, stderr = 2 }: AuditOptions = {}): Audit {
  const places = setting
    .split(",")
    .map((place) => place.trim())
    .filter((place) => place !== "" && place !== "off");
  const sinks = [...new Set(places)].map((place) => openSink(place, stderr));
  let failing = false;

  function write(line: Readonly<Record<string, unknown>>): void {
    const text = `${JSON.stringify({ time: new Date().toISOString(), audit: "tool_call", ...line })}\n`;
    for (const { place, stream } of sinks) {
      try {
        stream.write(text);
        failing = false;
      } catch (error) {
        if (!failing) warn?.(`The audit could not be written to ${place}: ${(error as Error).message}`);
        failing = true;
      }
    }
  }

  return {
    record: (event) => write(lineOf(event)),
    refused: (caller, records) => {
      for (const { name, domain, risk } of records) {
        write({
          principal: caller.principal,
          ...caller.about,
          tool: name,
          domain,
          risk,
          outcome: "not_allowed",
          code: "INSUFFICIENT_SCOPE",
          status: 403,
        });
      }
    },
    reopen: () => {
      for (const { place, stream } of sinks) {
        if (place === "stderr") continue;
        try {
          stream.reopen();
        } catch (error) {
          warn?.(`The audit could not open ${place} again: ${(error as Error).message}`);
        }
      }
    },
    close: () => {
      for (const { place, stream } of sinks) {
        if (place !== "stderr") stream.end();
      }
    },
  };
}

function openSink(place: string, stderr: number) {
  try {
    // Written before the call's answer leaves: an audit that a crash can lose is none. What a full disk refuses is kept
    // to 1 MB.
    const stream = pino.destination({
      ...(place === "stderr" ? { fd: stderr } : { dest: place, mode: 0o600 }),
      sync: true,
      maxLength: 1_048_576,
    });
    return { place, stream };
  } catch (cause) {
    throw new PortkeyMcpError(
      "CONFIG",
      `MCP_AUDIT_LOG: cannot write to "${place}" (${(cause as Error).message}).`,
      {},
      { cause },
    );
  }
}

function lineOf(event: CallEvent): Readonly<Record<string, unknown>> {
  const { principal, about, tool, domain, risk, targets, dryRun, outcome, code, status, requestId, durationMs } = event;
  return {
    principal,
    ...about,
    tool,
    domain,
    risk,
    targets: Object.fromEntries(
      Object.entries(targets).map(([name, id]) => [name, LOOKS_SECRET.test(id) ? maskSecret(id) : id]),
    ),
    dry_run: dryRun,
    outcome,
    ...(code !== undefined && { code }),
    ...(status !== undefined && { status }),
    ...(requestId !== undefined && { request_id: requestId }),
    duration_ms: durationMs,
  };
}
