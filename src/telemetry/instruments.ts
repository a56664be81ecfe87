/** The metrics, by OpenTelemetry's conventions for MCP and HTTP. Times are seconds. */
import type { Histogram, Meter } from "@opentelemetry/api";

/** As the conventions advise for MCP: a ping takes milliseconds, a completion minutes. */
const BOUNDARIES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

export interface Instruments {
  /** A client's request, until its answer. */
  readonly operation: Histogram;
  readonly session: Histogram;
  /** One request to Portkey, until its answer has been read. */
  readonly portkey: Histogram;
}

export function createInstruments(meter: Meter): Instruments {
  const seconds = (name: string, description: string) =>
    meter.createHistogram(name, { description, unit: "s", advice: { explicitBucketBoundaries: BOUNDARIES } });
  return {
    operation: seconds("mcp.server.operation.duration", "Duration of requests of MCP clients"),
    session: seconds("mcp.server.session.duration", "Duration of sessions of MCP clients"),
    portkey: seconds("http.client.request.duration", "Duration of requests to Portkey"),
  };
}
