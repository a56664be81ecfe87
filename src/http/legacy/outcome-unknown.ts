/**
 * The answer to a call that was stopped before its result was known.
 * It says neither that the call failed nor that it may be repeated: a write may have taken effect.
 */
import type { JSONRPCErrorResponse } from "@modelcontextprotocol/sdk/types.js";
import { RPC } from "../../mcp/rpc-error.ts";
import type { CallHead } from "../events/event-store.ts";

/**
 * The JSON-RPC error, as JSON text.
 * `check` is the tool that shows what became of the call; it is `tool` itself where that only reads.
 */
export function outcomeUnknown({ id, tool }: Pick<CallHead, "id" | "tool">, check: string | undefined): string {
  const next = nextStep(tool, check);
  const answer: JSONRPCErrorResponse = {
    jsonrpc: "2.0",
    id,
    error: {
      code: RPC.server,
      message: `The server instance that ran ${tool} ended before its result was known. ${next}`,
      data: { outcome: "unknown", tool, ...(check !== undefined && { checkWith: check }) },
    },
  };
  return JSON.stringify(answer);
}

function nextStep(tool: string, check: string | undefined): string {
  if (check === tool) return "It only reads: it is safe to call it again.";
  const inspection = check === undefined ? "Read what it was to change" : `Check with ${check}`;
  return `Whether it took effect is unknown. ${inspection} before calling it again.`;
}
