import { BOUNDS } from "./bounds.ts";
import { clip, shortened } from "./clip.ts";

/**
 * Every error this server raises on purpose, with the code a program can switch on.
 * The message is written for the model or person who must act on it: what is wrong, where, and what to do next.
 */
export type ErrorCode =
  | "BAD_INPUT" // arguments that cannot be sent; nothing was sent
  | "UNKNOWN_TOOL"
  | "NOT_ALLOWED" // a setting or the caller's policy hides the tool
  | "MISSING_KEY" // no Portkey key of the needed kind
  | "PORTKEY" // Portkey answered with an error status
  | "UNREACHABLE" // no usable answer: refused, reset, timed out, redirect, not JSON
  | "CANCELLED"
  | "DECLINED" // the person asked for confirmation said no
  | "CONFIG"; // the process cannot start as configured

/** The operator reads it whole, and has written what it is about. */
const UNBOUNDED: ErrorCode = "CONFIG";

export class PortkeyMcpError extends Error {
  /** Machine-readable facts that go beside the message into the result's structured error; never a secret. */
  readonly details: Readonly<Record<string, unknown>>;

  /** However much of what somebody sent stands in the message or the details, neither becomes long. */
  constructor(
    readonly code: ErrorCode,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(code === UNBOUNDED ? message : clip(message, BOUNDS.message), options);
    this.name = "PortkeyMcpError";
    this.details = shortened(details) as Readonly<Record<string, unknown>>;
  }
}
