/**
 * JSON-RPC errors: the codes this server answers with, and how its own errors become them.
 * A message of ours goes to the client as it is; an unexpected error is told apart only in the log.
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
  /** MCP's legacy revisions: no such resource. 2026-07-28 answers -32602. */
  resourceNotFound: -32002,
  /** Free for servers: what HTTP answers before a message reaches a session. */
  server: -32000,
  sessionNotFound: -32001,
} as const;

/** An error that already knows its JSON-RPC code; both SDKs send `code`, `message` and `data` as they are. */
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

/** Our errors that are the request's fault; every other one is -32603. */
const REQUEST_FAULTS: ReadonlySet<ErrorCode> = new Set(["BAD_INPUT", "UNKNOWN_TOOL", "NOT_ALLOWED"]);

/** The JSON-RPC error for whatever a handler threw. `onUnexpected` gets errors whose text must not reach a client. */
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
