/** W3C trace context: extracted from clients' requests, and injected into requests to Portkey. */
import { propagation, ROOT_CONTEXT, trace, type Context, type TextMapPropagator } from "@opentelemetry/api";
import { W3CBaggagePropagator, W3CTraceContextPropagator } from "@opentelemetry/core";
import { isObject, ownMember, setMember } from "../catalog/json.ts";
import type { TelemetryConfig } from "../config/otel.ts";

export interface Propagation {
  /** The context of a request: from `_meta` where that has a trace, else from the headers. */
  extract(meta: unknown, wire: Readonly<Record<string, string>> | undefined): Extracted;
  /** The headers with the context for a request to Portkey. */
  inject(context: Context): Record<string, string>;
}

export interface Extracted {
  readonly parent: Context;
  /** The context of the headers, where `_meta` has another trace. */
  readonly wire?: Context;
}

const MEMBERS = ["traceparent", "tracestate", "baggage"] as const;
/** Characters; longer values are ignored. W3C allows 512 characters of tracestate and 8192 bytes of baggage. */
const MAX_LENGTH = 8_192;

const GETTER = {
  get: (carrier: Readonly<Record<string, string>>, name: string) => carrier[name],
  keys: (carrier: Readonly<Record<string, string>>) => Object.keys(carrier),
};
const SETTER = {
  set: (carrier: Record<string, string>, name: string, value: string) => {
    setMember(carrier, name, value);
  },
};

export function createPropagation(config: TelemetryConfig["propagators"]): Propagation {
  const traceContext = new W3CTraceContextPropagator();
  const baggage = new W3CBaggagePropagator();
  const extracting: TextMapPropagator[] = [
    ...(config.trace ? [traceContext] : []),
    ...(config.baggage ? [baggage] : []),
  ];
  const injecting: TextMapPropagator[] = [
    ...(config.trace ? [traceContext] : []),
    ...(config.baggageToPortkey ? [baggage] : []),
  ];
  const read = (carrier: Readonly<Record<string, string>>): Context =>
    extracting.reduce((context, propagator) => propagator.extract(context, carrier, GETTER), ROOT_CONTEXT);

  return {
    extract(meta, wire) {
      const ofWire = read(wire ?? {});
      const carried = carrierOf(meta);
      if (carried["traceparent"] === undefined) return { parent: withBaggage(ofWire, read(carried)) };
      const parent = read(carried);
      if (!hasTrace(parent)) return { parent: ofWire };
      return hasTrace(ofWire) ? { parent, wire: ofWire } : { parent };
    },
    inject(context) {
      const headers: Record<string, string> = {};
      for (const propagator of injecting) propagator.inject(context, headers, SETTER);
      return headers;
    },
  };
}

function hasTrace(context: Context): boolean {
  return trace.getSpanContext(context) !== undefined;
}

/** The first context, with the baggage of the other where that has any. */
function withBaggage(context: Context, other: Context): Context {
  const carried = propagation.getBaggage(other);
  return carried === undefined ? context : propagation.setBaggage(context, carried);
}

/** The members of `_meta` for trace context, where they are texts. */
function carrierOf(meta: unknown): Record<string, string> {
  const carrier: Record<string, string> = {};
  if (!isObject(meta)) return carrier;
  for (const name of MEMBERS) {
    const value = ownMember(meta, name);
    if (typeof value === "string" && value.length <= MAX_LENGTH) setMember(carrier, name, value);
  }
  return carrier;
}
