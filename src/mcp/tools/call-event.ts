/** What the audit and the metrics get of a tool call: who, what, on which objects, and how it ended. No secrets. */
import { cut } from "../../errors/cut.ts";
import type { Risk, ToolRecord } from "../../catalog/record.ts";
import { maskThoroughly } from "../../log/mask.ts";
import { fold } from "../../portkey/response/fold.ts";
import type { RequestTrace } from "../../portkey/port.ts";
import type { CallerFacts } from "../registry.ts";
import type { ErrorCode, PortkeyMcpError } from "../../errors/errors.ts";

/**
 * How a call ended. `asked`: with a question to a person; the client repeats the call with the answer. `defect`: by an
 * unexpected error of this server.
 */
export type CallOutcome = "ok" | "error" | "not_allowed" | "asked" | "declined" | "cancelled" | "defect";

export interface CallEvent {
  readonly tool: string;
  readonly domain: string;
  readonly risk: Risk;
  /** The method of its HTTP request; absent for a composite. */
  readonly method?: string | undefined;
  readonly principal: string;
  readonly about?: CallerFacts | undefined;
  readonly outcome: CallOutcome;
  readonly code?: ErrorCode | "DEFECT" | undefined;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  /** The kinds of Portkey keys that were sent: `workspace`, `admin`, or both with a comma between. */
  readonly key?: string | undefined;
  /** The trace that the call belongs to, and its own span. */
  readonly trace?: RequestTrace | undefined;
  readonly durationMs: number;
  readonly dryRun: boolean;
  /** The ids, slugs and names of the objects that it acts on, by argument. */
  readonly targets: Readonly<Record<string, string>>;
  /** The arguments, masked and cut to size; only where the caller's policy asks for them. */
  readonly args?: unknown;
}

const OUTCOMES: Partial<Record<ErrorCode, CallOutcome>> = {
  NOT_ALLOWED: "not_allowed",
  DECLINED: "declined",
  CANCELLED: "cancelled",
};

export function outcomeOf({ code, details }: PortkeyMcpError): CallOutcome {
  return details["asking"] === true ? "asked" : (OUTCOMES[code] ?? "error");
}

const ARGUMENTS_BYTES = 16_000;

/** The arguments, masked and cut to size. `keys` are the caller's own, which are masked wherever they occur. */
export function recordedArguments(args: Readonly<Record<string, unknown>>, keys: readonly string[]): unknown {
  return fold(maskThoroughly(args, keys), ARGUMENTS_BYTES).value;
}

/** Long enough for any id or slug of Portkey's, short enough for a log line. */
const TARGET_LENGTH = 128;
const COMPOSITE_TARGET = /^(name|slug|app|env|target_env)$|_id$/;

/** The objects that a call acts on: its path arguments and workspace; of a composite also other ids and names. */
export function targetsOf(record: ToolRecord, args: Readonly<Record<string, unknown>>): Record<string, string> {
  const targets: [string, string][] = [];
  for (const { name, place } of record.arguments) {
    const counts =
      place === "path" || name === "workspace_id" || (record.composite !== undefined && COMPOSITE_TARGET.test(name));
    const value = args[name];
    if (counts && (typeof value === "string" || typeof value === "number"))
      targets.push([name, cut(String(value), 0, TARGET_LENGTH)]);
  }
  return Object.fromEntries(targets);
}
