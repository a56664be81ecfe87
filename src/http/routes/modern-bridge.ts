/**
 * Connects Fastify with the modern era's handler, which uses web-standard requests and responses. Fastify sends the
 * response, with its headers (CORS, security, limits). A disconnect aborts the call, as revision 2026-07-28 requires.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ModernHandler } from "../../mcp/modern/modern-http.ts";
import type { Caller } from "../../mcp/registry.ts";
import { HttpRefusal } from "../auth/refusal.ts";

/** The headers that the protocol defines; the handler gets no others. */
const FORWARDED_HEADERS = ["accept", "content-type", "mcp-method", "mcp-name", "mcp-protocol-version"] as const;

/** The handler's status where a call was closed before its answer: the client disconnected, or the server stops. */
const CLOSED = 499;

/** A signal that aborts when the client disconnects before its answer is complete. */
export function clientDisconnected(reply: FastifyReply): AbortSignal {
  const disconnected = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) disconnected.abort();
  });
  return disconnected.signal;
}

/** Whether an Accept header is empty or has a wildcard. The handler requires both of its types by name. */
function acceptsAnything(accept = ""): boolean {
  return (
    accept.trim() === "" || accept.split(",").some((entry) => /^\s*\*\/\*\s*(;(?!\s*q=0(\.0*)?\s*$)|$)/i.test(entry))
  );
}

export async function answerModern(
  modern: ModernHandler,
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller,
): Promise<FastifyReply> {
  const signal = clientDisconnected(reply);
  const headers = new Headers();
  for (const name of FORWARDED_HEADERS) {
    const value = request.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  if (acceptsAnything(request.headers.accept)) headers.set("accept", "application/json, text/event-stream");
  const web = new Request("http://localhost/mcp", { method: "POST", headers, signal });
  const response = await modern.handle(web, request.body, caller);
  if (response.status === CLOSED && !signal.aborted) {
    // Not 503, which would say that nothing was done, and let load balancers repeat the request.
    throw new HttpRefusal(500, "This instance stopped before the call ended; whether it took effect is not known.");
  }
  return reply.send(response);
}
