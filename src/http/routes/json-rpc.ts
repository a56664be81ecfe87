/** JSON-RPC over HTTP: error bodies, and the members of parsed requests. */
import { isId, type Id } from "../../mcp/message.ts";
import { RPC } from "../../mcp/rpc-error.ts";

/** An error body; `id` is the request's where it could be read. */
export function rpcError(code: number, message: string, id: Id | null = null, data?: unknown) {
  return { jsonrpc: "2.0", error: { code, message, ...(data !== undefined && { data }) }, id } as const;
}

/** The id of a parsed request; null for what is not a request. */
export function idOf(body: unknown): Id | null {
  if (typeof body !== "object" || body === null || !("method" in body)) return null;
  const { id } = body as { id?: unknown };
  return isId(id) ? id : null;
}

/** The method a parsed body names. */
export function methodOf(body: unknown): string | undefined {
  const method = (body as { method?: unknown } | null | undefined)?.method;
  return typeof method === "string" ? method : undefined;
}

/** The error code for a status, where the error has none of its own. */
export function codeOfStatus(status: number): number {
  if (status >= 500 && status !== 503) return RPC.internal;
  return status === 400 || status === 413 ? RPC.invalidRequest : RPC.server;
}
