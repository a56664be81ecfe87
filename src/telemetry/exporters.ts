/**
 * What sends each signal to the collector. The libraries read endpoint, headers, certificate and timeout themselves.
 * A collector that does not answer is told once in the log, and once more when it answers again.
 */
import { ExportResultCode, type ExportResult } from "@opentelemetry/core";
import { OTLPLogExporter as JsonLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPMetricExporter as JsonMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPTraceExporter as JsonTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import type { Way } from "../config/otel.ts";
import { proxied } from "./proxied.ts";

/** Told whether the last export of a signal arrived. */
export type ToldOfExport = (signal: string, error: Error | undefined) => void;

interface Exporter<Items> {
  export(items: Items, done: (result: ExportResult) => void): void;
}

export function traceExporter({ protocol, endpoint }: Way, told: ToldOfExport) {
  const options = proxied(endpoint);
  const exporter = protocol === "http/json" ? new JsonTraceExporter(options) : new OTLPTraceExporter(options);
  return telling(exporter, "traces", told);
}

export function metricExporter({ protocol, endpoint }: Way, told: ToldOfExport) {
  const options = proxied(endpoint);
  const exporter = protocol === "http/json" ? new JsonMetricExporter(options) : new OTLPMetricExporter(options);
  return telling(exporter, "metrics", told);
}

export function logExporter({ protocol, endpoint }: Way, told: ToldOfExport) {
  const options = proxied(endpoint);
  const exporter = protocol === "http/json" ? new JsonLogExporter(options) : new OTLPLogExporter(options);
  return telling(exporter, "logs", told);
}

function telling<Items, Made extends Exporter<Items>>(
  exporter: Made & Exporter<Items>,
  signal: string,
  told: ToldOfExport,
): Made {
  const send = exporter.export.bind(exporter);
  exporter.export = (items, done) =>
    send(items, (result) => {
      told(signal, result.code === ExportResultCode.SUCCESS ? undefined : (result.error ?? new Error("refused")));
      done(result);
    });
  return exporter;
}
