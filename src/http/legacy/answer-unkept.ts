/**
 * An answer that is too long to be kept is delivered all the same, once: the client is told so before it, and whoever
 * resumes the stream finds in its place that the call has ended, and what to do.
 */
import type { JSONRPCErrorResponse, JSONRPCNotification } from "@modelcontextprotocol/sdk/types.js";
import { RPC } from "../../mcp/rpc-error.ts";
import type { CallHead } from "../events/event-store.ts";

export interface UnkeptAnswer {
  /** The answer's place in the store: a JSON-RPC error, as text. */
  readonly inItsPlace: string;
  /** A notification for the connected client, as text. */
  readonly notice: string;
}

/** `check` is the tool that shows what became of the call. */
export function answerUnkept({ id, tool }: CallHead, length: number, check: string | undefined): UnkeptAnswer {
  const next = check === undefined ? "Read what it was to change" : `Check with ${check}`;
  const size = `The answer of ${tool} has ${length} characters, more than is kept for resuming`;
  const instead: JSONRPCErrorResponse = {
    jsonrpc: "2.0",
    id,
    error: {
      code: RPC.server,
      message: `${size}. The call has ended; its answer was sent once. ${next} before calling it again.`,
      data: { outcome: "ended", tool, ...(check !== undefined && { checkWith: check }) },
    },
  };
  const notice: JSONRPCNotification = {
    jsonrpc: "2.0",
    method: "notifications/message",
    params: {
      level: "notice",
      logger: "resumption",
      data: `${size}: it follows now, and cannot be fetched again if this connection breaks.`,
    },
  };
  return { inItsPlace: JSON.stringify(instead), notice: JSON.stringify(notice) };
}
