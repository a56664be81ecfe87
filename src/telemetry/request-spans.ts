/** The observer of requests: a server span and a duration for each. */
import { SpanStatusCode, trace, type Attributes, type Context, type Link } from "@opentelemetry/api";
import { setMember } from "../catalog/json.ts";
import type { Observer, RequestSpan } from "../mcp/observe.ts";
import { watchRequests, type PortkeySpansParts } from "./portkey-spans.ts";
import { commonAttributes, endAttributes, methodName, ownAttributes, SERVER } from "./request-attributes.ts";

export function createObserver(parts: PortkeySpansParts): Observer {
  const { tracer, propagation, instruments } = parts;
  return {
    begin(request) {
      const { parent, wire } = propagation.extract(request.meta, request.wire?.trace);
      const common = commonAttributes(request);
      const span = tracer.startSpan(
        methodName(request),
        {
          kind: SERVER,
          attributes: { ...common, ...ownAttributes(request) },
          links: linksOf(wire),
          ...(request.startTime !== undefined && { startTime: request.startTime }),
        },
        parent,
      );
      const started = performance.now() - (request.startTime === undefined ? 0 : Date.now() - request.startTime);
      const named: Attributes = {};
      const name = (attribute: string, value: string) => {
        setMember(named, attribute, value);
        span.updateName(`${methodName(request)} ${value}`);
      };
      const { traceId, spanId, traceFlags } = span.spanContext();
      const flags = traceFlags.toString(16).padStart(2, "0");
      return {
        trace: { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${flags}` },
        send: watchRequests(parts, trace.setSpan(parent, span)),
        tool: (tool) => name("gen_ai.tool.name", tool),
        prompt: (prompt) => name("gen_ai.prompt.name", prompt),
        end: once((how) => {
          const ending = endAttributes(how);
          span.setAttributes({ ...named, ...ending });
          if (ending["error.type"] !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
          instruments.operation.record((performance.now() - started) / 1000, { ...common, ...named, ...ending });
        }),
      };
    },
    session({ transport, revision, http }) {
      const started = performance.now();
      const attributes = commonAttributes({ method: "", revision, wire: { transport, ...(http && { http }) } });
      delete attributes["mcp.method.name"];
      return () => instruments.session.record((performance.now() - started) / 1000, attributes);
    },
  };
}

/** A request ends once: a second end, as of a connection that closes after its answer, says nothing new. */
function once(end: RequestSpan["end"]): RequestSpan["end"] {
  let ended = false;
  return (how) => {
    if (!ended) end(how);
    ended = true;
  };
}

function linksOf(wire: Context | undefined): Link[] {
  const context = wire && trace.getSpanContext(wire);
  return context === undefined ? [] : [{ context }];
}
