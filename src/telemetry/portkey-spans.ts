/** A client span for each request to Portkey. It has the path's template, never the path with its ids. */
import { SpanKind, SpanStatusCode, trace, type Attributes, type Context, type Tracer } from "@opentelemetry/api";
import type { RequestWatch } from "../portkey/port.ts";
import type { Instruments } from "./instruments.ts";
import type { Propagation } from "./propagation.ts";

export interface PortkeySpansParts {
  readonly tracer: Tracer;
  readonly propagation: Propagation;
  readonly instruments: Instruments;
}

const PORTS: ReadonlyMap<string, number> = new Map([
  ["https:", 443],
  ["http:", 80],
]);

/** `context` holds the span of the client's request that causes these requests. */
export function watchRequests(
  { tracer, propagation, instruments }: PortkeySpansParts,
  context: Context,
): RequestWatch["send"] {
  return ({ method, template, base, resend }) => {
    const { hostname, port, protocol } = new URL(base);
    const attributes: Attributes = {
      "http.request.method": method,
      "url.scheme": protocol.slice(0, -1),
      "url.template": template,
      "server.address": hostname,
      "server.port": Number(port) || PORTS.get(protocol),
    };
    const span = tracer.startSpan(
      `${method} ${template}`,
      {
        kind: SpanKind.CLIENT,
        attributes: { ...attributes, ...(resend > 0 && { "http.request.resend_count": resend }) },
      },
      context,
    );
    const started = performance.now();
    return {
      headers: propagation.inject(trace.setSpan(context, span)),
      end({ status, failure }) {
        const error = failure ?? (status !== undefined && status >= 400 ? String(status) : undefined);
        const ending: Attributes = {
          ...(status !== undefined && { "http.response.status_code": status }),
          ...(error !== undefined && { "error.type": error }),
        };
        span.setAttributes(ending);
        if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
        instruments.portkey.record((performance.now() - started) / 1000, { ...attributes, ...ending });
      },
    };
  };
}
