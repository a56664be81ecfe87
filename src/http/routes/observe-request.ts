/**
 * What HTTP knows of a request, for whoever watches: its trace, its session, its revision. Requests that the SDKs
 * answer by themselves are told from here, since nothing else of ours sees them.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { isObject } from "../../catalog/json.ts";
import { ANSWERED_BY_SDK, type WireFacts } from "../../mcp/observe.ts";
import type { Caller, Registry } from "../../mcp/registry.ts";

const TRACE_HEADERS = ["traceparent", "tracestate", "baggage"] as const;

/** From the headers alone: the body has not been read yet. */
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

/** The caller, who knows the message's id from here on; a request of the SDKs' own is told until its answer is sent. */
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
