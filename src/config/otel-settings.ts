/**
 * OpenTelemetry's own settings that are supported here; OpenTelemetry's specification defines them. The libraries read
 * most of them. An invalid one is a warning and does not stop the start: they are often set for a whole cluster.
 */
import { secretText, text } from "./kinds.ts";
import { optional } from "./setting.ts";

export const OTEL_SETTINGS = {
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(text, "Collector, such as http://localhost:4318; turns telemetry on"),
  OTEL_EXPORTER_OTLP_PROTOCOL: optional(text, "http/protobuf or http/json", { shown: "http/protobuf" }),
  OTEL_EXPORTER_OTLP_HEADERS: optional(secretText, "Headers for the collector, as name=value, comma separated"),
  OTEL_EXPORTER_OTLP_TIMEOUT: optional(text, "Milliseconds that one export may take", { shown: "10000" }),
  OTEL_EXPORTER_OTLP_COMPRESSION: optional(text, "gzip or none", { shown: "none" }),
  OTEL_EXPORTER_OTLP_CERTIFICATE: optional(text, "PEM file of the collector's certificate authority"),
  OTEL_TRACES_EXPORTER: optional(text, "otlp or none", { shown: "otlp, where there is an endpoint" }),
  OTEL_METRICS_EXPORTER: optional(text, "otlp or none", { shown: "otlp, where there is an endpoint" }),
  OTEL_LOGS_EXPORTER: optional(text, "otlp or none: the lines of the log", {
    shown: "otlp, where there is an endpoint",
  }),
  OTEL_SERVICE_NAME: optional(text, "The service's name", { shown: "portkey-admin-mcp" }),
  OTEL_RESOURCE_ATTRIBUTES: optional(text, "More about the service, as name=value, comma separated"),
  OTEL_TRACES_SAMPLER: optional(text, "Which traces are kept, such as parentbased_traceidratio", {
    shown: "parentbased_always_on",
  }),
  OTEL_TRACES_SAMPLER_ARG: optional(text, "The sampler's argument, such as 0.1"),
  OTEL_METRIC_EXPORT_INTERVAL: optional(text, "Milliseconds between exports of metrics", { shown: "60000" }),
  OTEL_PROPAGATORS: optional(text, "tracecontext, baggage or none; baggage goes to Portkey only where it is named", {
    shown: "tracecontext,baggage",
  }),
  OTEL_SDK_DISABLED: optional(text, "true turns all of it off", { shown: "false" }),
} as const;
