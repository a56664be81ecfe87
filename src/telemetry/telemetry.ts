/**
 * OpenTelemetry, put together: spans, metrics and log records, sent to a collector. Loaded only where a setting of its
 * own asks for it. Nothing here waits for the collector but the end of the process, and that for two seconds at most.
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
import { auditSender, type SendAuditRecords } from "./audit-records.ts";
import { logExporter, metricExporter, traceExporter, type ToldOfExport } from "./exporters.ts";
import { createInstruments } from "./instruments.ts";
import { createPropagation } from "./propagation.ts";
import { createObserver } from "./request-spans.ts";
import { recordLines, type RecordLine } from "./log-records.ts";

export interface TelemetryParts {
  readonly config: TelemetryConfig;
  readonly version: string;
  /** Where failures to send are told; its lines must not come back here. */
  readonly log: Log;
}

export interface Telemetry {
  readonly observer: Observer;
  /** Takes a line of the log; absent where the log is not sent. */
  readonly record: RecordLine | undefined;
  /** Sends lines of the audit; absent where they go to no collector. */
  readonly sendAudit: SendAuditRecords | undefined;
  /** Sends what waits, for two seconds at most, and goes on. */
  flush(): Promise<void>;
  /** Sends what waits, for two seconds at most, and ends. */
  end(): Promise<void>;
}

const NAME = "portkey-admin-mcp";
const END_MS = 2_000;

export function startTelemetry({ config, version, log }: TelemetryParts): Telemetry {
  logDiagnostics(log);
  const resource = resourceOf(version);
  const told = sayOnce(log);
  const { traces, metrics, logs } = config.signals;
  const tracers = new BasicTracerProvider({
    resource,
    spanProcessors: traces === undefined ? [] : [new BatchSpanProcessor(traceExporter(traces, told))],
  });
  const meters = new MeterProvider({
    resource,
    readers: metrics === undefined ? [] : [readerOf(metricExporter(metrics, told), config.metricInterval)],
  });
  const loggers = new LoggerProvider({
    resource,
    processors: logs === undefined ? [] : [new BatchLogRecordProcessor({ exporter: logExporter(logs, told) })],
  });
  return {
    observer: createObserver({
      tracer: tracers.getTracer(NAME, version),
      propagation: createPropagation(config.propagators),
      instruments: createInstruments(meters.getMeter(NAME, version)),
    }),
    record: logs === undefined ? undefined : recordLines(loggers.getLogger(NAME, version)),
    sendAudit: config.audit && auditSender(logExporter(config.audit, ignore), resource, [NAME, version]),
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

function readerOf(exporter: ReturnType<typeof metricExporter>, exportIntervalMillis: number) {
  const exportTimeoutMillis = Math.min(30_000, exportIntervalMillis);
  return new PeriodicExportingMetricReader({ exporter, exportIntervalMillis, exportTimeoutMillis });
}

/** What the settings say of the service goes before what is known here. */
function resourceOf(version: string): Resource {
  const known = resourceFromAttributes({
    "service.name": NAME,
    "service.version": version,
    "service.instance.id": randomUUID(),
    "process.runtime.name": "nodejs",
    "process.runtime.version": process.versions.node,
  });
  return known.merge(detectResources({ detectors: [envDetector] }));
}

/** The audit tells its failures itself. */
function ignore(): void {}

/** Of what the libraries say, warnings about settings go to the log. */
function logDiagnostics(log: Log): void {
  const say = (message: string) => log.write("warn", "telemetry", { message });
  diag.setLogger({ error: say, warn: say, info: ignore, debug: ignore, verbose: ignore }, DiagLogLevel.WARN);
  // Failed exports are told by sayOnce.
  setGlobalErrorHandler(ignore);
}

function sayOnce(log: Log): ToldOfExport {
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
