/**
 * Creates the exporters that send each signal to the collector. The libraries read endpoint, headers, certificate and
 * timeout themselves. Each exporter reports whether its exports arrive.
 */
import { ExportResultCode, type ExportResult } from "@opentelemetry/core";
import { OTLPLogExporter as JsonLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPMetricExporter as JsonMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPTraceExporter as JsonTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import type { Way } from "../config/otel.ts";
import { proxyOptions } from "./proxy-options.ts";

/** Called after each export of a signal, with the error where it failed. */
export type OnExport = (signal: string, error: Error | undefined) => void;

interface Exporter<Items> {
  export(items: Items, done: (result: ExportResult) => void): void;
}

export function createTraceExporter({ protocol, endpoint }: Way, onExport: OnExport) {
  const options = proxyOptions(endpoint);
  const exporter = protocol === "http/json" ? new JsonTraceExporter(options) : new OTLPTraceExporter(options);
  return reporting(exporter, "traces", onExport);
}

export function createMetricExporter({ protocol, endpoint }: Way, onExport: OnExport) {
  const options = proxyOptions(endpoint);
  const exporter = protocol === "http/json" ? new JsonMetricExporter(options) : new OTLPMetricExporter(options);
  return reporting(exporter, "metrics", onExport);
}

export function createLogExporter({ protocol, endpoint }: Way, onExport: OnExport) {
  const options = proxyOptions(endpoint);
  const exporter = protocol === "http/json" ? new JsonLogExporter(options) : new OTLPLogExporter(options);
  return reporting(exporter, "logs", onExport);
}

/** The exporter itself, with an `export` that also calls `onExport`. */
function reporting<Items, Created extends Exporter<Items>>(
  exporter: Created & Exporter<Items>,
  signal: string,
  onExport: OnExport,
): Created {
  const send = exporter.export.bind(exporter);
  exporter.export = (items, done) =>
    send(items, (result) => {
      onExport(signal, result.code === ExportResultCode.SUCCESS ? undefined : (result.error ?? new Error("refused")));
      done(result);
    });
  return exporter;
}
