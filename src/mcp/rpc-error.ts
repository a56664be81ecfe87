/**
 * JSON-RPC errors: the codes that this server answers with, and the conversion of its own errors.
 * Clients get the messages of this server's own errors; those of unexpected errors go to the log only.
 */
import { BOUNDS } from "../errors/bounds.ts";
import { clip } from "../errors/clip.ts";
import { PortkeyMcpError, type ErrorCode } from "../errors/errors.ts";

/** The codes of JSON-RPC 2.0 and of MCP's revisions that are used here. */
export const RPC = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  /** In MCP's legacy revisions: no such resource. In 2026-07-28 the code is -32602. */
  resourceNotFound: -32002,
  /** Reserved for servers: refusals over HTTP before a message is handled. */
  server: -32000,
  sessionNotFound: -32001,
} as const;

/** An error with its JSON-RPC code. Both SDKs send `code`, `message` and `data` unchanged. */
export class RpcError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly data?: unknown,
    options?: ErrorOptions,
  ) {
    super(clip(message, BOUNDS.message), options);
    this.name = "RpcError";
  }
}

/** Errors for which the request is at fault: -32602. All others are -32603. */
const REQUEST_FAULTS: ReadonlySet<ErrorCode> = new Set(["BAD_INPUT", "UNKNOWN_TOOL", "NOT_ALLOWED"]);

/** The JSON-RPC error for an error of a handler. `onUnexpected` gets errors whose text must not reach the client. */
export function toRpcError(error: unknown, onUnexpected: (error: unknown) => void): RpcError {
  if (error instanceof RpcError) return error;
  if (error instanceof PortkeyMcpError) {
    const code = REQUEST_FAULTS.has(error.code) ? RPC.invalidParams : RPC.internal;
    return new RpcError(code, error.message, { ...error.details, code: error.code }, { cause: error });
  }
  onUnexpected(error);
  return new RpcError(RPC.internal, "The server failed to answer; its log has the reason.", undefined, {
    cause: error,
  });
}
