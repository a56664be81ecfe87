/**
 * OpenTelemetry: sends spans, metrics and log records to a collector. It is loaded only where a setting asks for it.
 * Only the end of the process waits for the collector, for two seconds at most.
 */
import { diag, DiagLogLevel } from "@opentelemetry/api";
import { setGlobalErrorHandler } from "@opentelemetry/core";
import { envDetector, detectResources, resourceFromAttributes, type Resource } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { TelemetryConfig } from "../config/otel.ts";
import type { Log } from "../log/log.ts";
import type { Observer } from "../mcp/observe.ts";
import { createAuditSender, type SendAuditRecords } from "./audit-records.ts";
import { createLogExporter, createMetricExporter, createTraceExporter, type OnExport } from "./exporters.ts";
import { createInstruments } from "./instruments.ts";
import { createPropagation } from "./propagation.ts";
import { createObserver } from "./request-spans.ts";
import { createRecordLine, type RecordLine } from "./log-records.ts";

export interface TelemetryParts {
  readonly config: TelemetryConfig;
  readonly version: string;
  /** For failures to send. Lines of this log must not be sent as records again. */
  readonly log: Log;
}

export interface Telemetry {
  readonly observer: Observer;
  /** Records a line of the log; absent where the log is not sent. */
  readonly record: RecordLine | undefined;
  /** Sends lines of the audit; absent where these have no collector. */
  readonly sendAudit: SendAuditRecords | undefined;
  /** Sends what is buffered, for two seconds at most. */
  flush(): Promise<void>;
  /** Sends what is buffered, for two seconds at most, and stops. */
  end(): Promise<void>;
}

const NAME = "portkey-admin-mcp";
const END_MS = 2_000;

export function startTelemetry({ config, version, log }: TelemetryParts): Telemetry {
  logDiagnostics(log);
  const resource = createResource(version);
  const onExport = createFailureLog(log);
  const { traces, metrics, logs } = config.signals;
  const tracers = new BasicTracerProvider({
    resource,
    spanProcessors: traces === undefined ? [] : [new BatchSpanProcessor(createTraceExporter(traces, onExport))],
  });
  const meters = new MeterProvider({
    resource,
    readers:
      metrics === undefined ? [] : [createReader(createMetricExporter(metrics, onExport), config.metricInterval)],
  });
  const loggers = new LoggerProvider({
    resource,
    processors:
      logs === undefined ? [] : [new BatchLogRecordProcessor({ exporter: createLogExporter(logs, onExport) })],
  });
  return {
    observer: createObserver({
      tracer: tracers.getTracer(NAME, version),
      propagation: createPropagation(config.propagators),
      instruments: createInstruments(meters.getMeter(NAME, version)),
    }),
    record: logs === undefined ? undefined : createRecordLine(loggers.getLogger(NAME, version)),
    sendAudit: config.audit && createAuditSender(createLogExporter(config.audit, ignore), resource, [NAME, version]),
    async flush() {
      const flushed = Promise.allSettled([tracers.forceFlush(), meters.forceFlush(), loggers.forceFlush()]);
      await Promise.race([flushed, delay(END_MS, undefined, { ref: false })]);
    },
    async end() {
      const shutdown = Promise.allSettled([tracers.shutdown(), meters.shutdown(), loggers.shutdown()]);
      const late = await Promise.race([shutdown.then(() => false), delay(END_MS, true, { ref: false })]);
      if (late) log.write("warn", "telemetry does not arrive: what was left could not be sent within 2 s");
    },
  };
}

function createReader(exporter: ReturnType<typeof createMetricExporter>, exportIntervalMillis: number) {
  const exportTimeoutMillis = Math.min(30_000, exportIntervalMillis);
  return new PeriodicExportingMetricReader({ exporter, exportIntervalMillis, exportTimeoutMillis });
}

/** Attributes of the settings (OTEL_RESOURCE_ATTRIBUTES, OTEL_SERVICE_NAME) take precedence. */
function createResource(version: string): Resource {
  const known = resourceFromAttributes({
    "service.name": NAME,
    "service.version": version,
    "service.instance.id": randomUUID(),
    "process.runtime.name": "nodejs",
    "process.runtime.version": process.versions.node,
  });
  return known.merge(detectResources({ detectors: [envDetector] }));
}

/** For failures that are reported elsewhere: the audit's, and failed exports. */
function ignore(): void {}

/** Logs the libraries' warnings about settings. */
function logDiagnostics(log: Log): void {
  const warn = (message: string) => log.write("warn", "telemetry", { message });
  diag.setLogger({ error: warn, warn, info: ignore, debug: ignore, verbose: ignore }, DiagLogLevel.WARN);
  // createFailureLog reports failed exports.
  setGlobalErrorHandler(ignore);
}

/** Logs once that a signal does not arrive at the collector, and once when it does again. */
function createFailureLog(log: Log): OnExport {
  const failing = new Set<string>();
  return (signal, error) => {
    if (error === undefined) {
      if (failing.delete(signal)) log.write("info", `telemetry arrives again: ${signal}`);
    } else if (!failing.has(signal)) {
      failing.add(signal);
      const { code, message } = error as Error & { code?: unknown };
      log.write("warn", `telemetry does not arrive: ${signal}`, { code, error: message });
    }
  };
}
