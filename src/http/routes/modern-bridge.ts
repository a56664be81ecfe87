/**
 * Between Fastify and the modern era's web-standard handler. Fastify sends the answer, so that its headers (CORS,
 * security, limits) are on it; a client that disconnects aborts its call, as 2026-07-28 requires.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ModernHandler } from "../../mcp/modern/modern-http.ts";
import type { Caller } from "../../mcp/registry.ts";
import { HttpRefusal } from "../auth/refusal.ts";

/** The headers the protocol gives a meaning to; the handler sees no others. */
const FORWARDED_HEADERS = ["accept", "content-type", "mcp-method", "mcp-name", "mcp-protocol-version"] as const;

/**
 * What the handler answers when the call was closed before its answer: the client disconnected, or the server stops.
 */
const CLOSED = 499;

/** A signal that aborts when the client disconnects before its answer is complete. */
export function clientDisconnected(reply: FastifyReply): AbortSignal {
  const disconnected = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) disconnected.abort();
  });
  return disconnected.signal;
}

/** The handler wants both types named; a client that says nothing, or that anything will do, takes them too. */
function takesAnything(accept = ""): boolean {
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
  if (takesAnything(request.headers.accept)) headers.set("accept", "application/json, text/event-stream");
  const web = new Request("http://localhost/mcp", { method: "POST", headers, signal });
  const response = await modern.handle(web, request.body, caller);
  if (response.status === CLOSED && !signal.aborted) {
    // Not a 503, which says that nothing was done and balancers may take elsewhere.
    throw new HttpRefusal(500, "This instance stopped before the call ended; whether it took effect is not known.");
  }
  return reply.send(response);
}
