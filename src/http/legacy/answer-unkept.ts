/**
 * What happens to an answer that is too long for the event store.
 * The connected client still gets it, once, after a notification that it cannot be fetched again.
 * The store keeps a JSON-RPC error in its place: a client that resumes the stream learns that the call has ended, and
 * how to check its effect.
 */
import type { JSONRPCErrorResponse, JSONRPCNotification } from "@modelcontextprotocol/sdk/types.js";
import { RPC } from "../../mcp/rpc-error.ts";
import type { CallHead } from "../events/event-store.ts";

export interface UnkeptAnswer {
  /** The JSON-RPC error that the store keeps instead of the answer, as JSON text. */
  readonly storedError: string;
  /** The notification that precedes the answer on the client's connection, as JSON text. */
  readonly notice: string;
}

/** `length` is the answer's, in characters; `check` is the tool that shows what became of the call. */
export function answerUnkept({ id, tool }: CallHead, length: number, check: string | undefined): UnkeptAnswer {
  const next = check === undefined ? "Read what it was to change" : `Check with ${check}`;
  const size = `The answer of ${tool} has ${length} characters, more than is kept for resuming`;
  const storedError: JSONRPCErrorResponse = {
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
  return { storedError: JSON.stringify(storedError), notice: JSON.stringify(notice) };
}
