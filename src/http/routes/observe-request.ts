/**
 * Observes requests over HTTP: passes trace, session and revision to the observer. Requests that the SDKs answer by
 * themselves are reported here, since no other code of this server handles them.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { isObject } from "../../catalog/json.ts";
import { ANSWERED_BY_SDK, type WireFacts } from "../../mcp/observe.ts";
import type { Caller, Registry } from "../../mcp/registry.ts";

const TRACE_HEADERS = ["traceparent", "tracestate", "baggage"] as const;

/** The facts from the headers; the body has not been read yet. */
export function wireOf({ headers, raw }: FastifyRequest, { about }: Caller): WireFacts {
  const sent = TRACE_HEADERS.map((name) => [name, headers[name]] as const);
  const trace = Object.fromEntries(
    sent.filter((entry): entry is [(typeof entry)[0], string] => typeof entry[1] === "string"),
  );
  const revision = headers["mcp-protocol-version"];
  return {
    transport: "tcp",
    http: raw.httpVersion,
    trace,
    session: about?.session,
    revision: typeof revision === "string" ? revision : undefined,
  };
}

/** Adds the message's id to the caller's facts, and reports a request that the SDKs answer, until its end. */
export function observeRequest(registry: Registry, request: FastifyRequest, reply: FastifyReply): Caller {
  const caller = request.caller as Caller;
  const { body } = request;
  const { observer } = registry;
  if (observer === undefined || caller.wire === undefined || !isObject(body)) return caller;
  const { id, method, params } = body;
  const wire = { ...caller.wire, id };
  if (id !== undefined && typeof method === "string" && ANSWERED_BY_SDK.has(method)) {
    const meta = isObject(params) ? params["_meta"] : undefined;
    const span = observer.begin({ method, id, meta, revision: wire.revision, wire });
    reply.raw.once("close", () => {
      const { statusCode } = reply.raw;
      span.end(statusCode >= 400 ? { failed: statusCode } : { result: undefined });
    });
  }
  return (request.caller = { ...caller, wire });
}
