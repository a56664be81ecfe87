/** The observer of requests: a server span and a duration for each. */
import {
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Link,
  type Span,
  type SpanOptions,
} from "@opentelemetry/api";
import { setMember } from "../catalog/json.ts";
import type { ObservedRequest, Observer, RequestSpan } from "../mcp/observe.ts";
import type { RequestTrace } from "../portkey/port.ts";
import { watchRequests, type PortkeySpansParts } from "./portkey-spans.ts";
import { commonAttributes, endAttributes, methodName, ownAttributes, SERVER } from "./request-attributes.ts";

export function createObserver(parts: PortkeySpansParts): Observer {
  const { instruments } = parts;
  return {
    begin: (request) => requestSpan(parts, request),
    session({ transport, revision, http }) {
      const started = performance.now();
      const attributes = commonAttributes({ method: "", revision, wire: { transport, ...(http && { http }) } });
      delete attributes["mcp.method.name"];
      return () => instruments.session.record((performance.now() - started) / 1000, attributes);
    },
  };
}

/** The span of a request that has begun. */
function requestSpan(parts: PortkeySpansParts, request: ObservedRequest): RequestSpan {
  const { instruments } = parts;
  const common = commonAttributes(request);
  const { span, parent } = startSpan(parts, request, common);
  const started = performance.now() - (request.startTime === undefined ? 0 : Date.now() - request.startTime);
  const named: Attributes = {};
  const name = (attribute: string, value: string) => {
    setMember(named, attribute, value);
    span.updateName(`${methodName(request)} ${value}`);
  };
  const end: RequestSpan["end"] = (how) => {
    const ending = endAttributes(how);
    span.setAttributes({ ...named, ...ending });
    if (ending["error.type"] !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
    instruments.operation.record((performance.now() - started) / 1000, { ...common, ...named, ...ending });
  };
  return {
    trace: traceOf(span),
    send: watchRequests(parts, trace.setSpan(parent, span)),
    tool: (tool) => name("gen_ai.tool.name", tool),
    prompt: (prompt) => name("gen_ai.prompt.name", prompt),
    end: once(end),
  };
}

/** Starts the span as a child of the context in `_meta` or the headers; where both have one, it links to the latter. */
function startSpan({ tracer, propagation }: PortkeySpansParts, request: ObservedRequest, common: Attributes) {
  const { parent, wire } = propagation.extract(request.meta, request.wire?.trace);
  const options: SpanOptions = {
    kind: SERVER,
    attributes: { ...common, ...ownAttributes(request) },
    links: linksOf(wire),
    ...(request.startTime !== undefined && { startTime: request.startTime }),
  };
  return { span: tracer.startSpan(methodName(request), options, parent), parent };
}

function traceOf(span: Span): RequestTrace {
  const { traceId, spanId, traceFlags } = span.spanContext();
  const flags = traceFlags.toString(16).padStart(2, "0");
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${flags}` };
}

/** Ignores a second end, as when a connection closes after the request's answer. */
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
