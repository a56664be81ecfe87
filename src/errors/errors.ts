import { BOUNDS } from "./bounds.ts";
import { clip, shortenDetails } from "./clip.ts";

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

/** The code whose messages are not cut: the operator needs all lines, and the text quoted there is the operator's. */
const UNBOUNDED: ErrorCode = "CONFIG";

export class PortkeyMcpError extends Error {
  /** Machine-readable facts for the result's structured error; never a secret. */
  readonly details: Readonly<Record<string, unknown>>;

  /** Message and details are cut to their bounds, since both may quote input of any length. */
  constructor(
    readonly code: ErrorCode,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(code === UNBOUNDED ? message : clip(message, BOUNDS.message), options);
    this.name = "PortkeyMcpError";
    this.details = shortenDetails(details) as Readonly<Record<string, unknown>>;
  }
}
