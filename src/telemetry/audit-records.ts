/** Sends the audit's lines as log records, without a buffer, so that the audit learns whether each batch arrived. */
import { trace, ROOT_CONTEXT, TraceFlags, type Context } from "@opentelemetry/api";
import { SeverityNumber } from "@opentelemetry/api-logs";
import { ExportResultCode } from "@opentelemetry/core";
import type { Resource } from "@opentelemetry/resources";
import { LoggerProvider, type LogRecordExporter, type ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { RequestTrace } from "../portkey/port.ts";

/** A line of the audit, and the trace of its call. */
export interface AuditRecord {
  readonly line: string;
  readonly entry: { readonly kind: string; readonly time: Date; readonly trace?: RequestTrace | undefined };
}

/** Resolves when the collector has the records; rejects otherwise. */
export type SendAuditRecords = (batch: { readonly lines: readonly AuditRecord[] }) => Promise<void>;

/** `name` and `version` are those of the instrumentation scope. */
export function createAuditSender(
  exporter: LogRecordExporter,
  resource: Resource,
  [name, version]: readonly [string, string],
): SendAuditRecords {
  return ({ lines }) => {
    const records: ReadableLogRecord[] = [];
    const collect = {
      onEmit: (record: ReadableLogRecord) => void records.push(record),
      forceFlush: async () => undefined,
      shutdown: async () => undefined,
    };
    const logger = new LoggerProvider({ resource, processors: [collect] }).getLogger(name, version);
    for (const { line, entry } of lines) {
      logger.emit({
        eventName: `audit.${entry.kind}`,
        timestamp: entry.time,
        severityNumber: SeverityNumber.INFO,
        severityText: "info",
        body: line.trimEnd(),
        attributes: { audit: entry.kind },
        context: contextOf(entry.trace),
      });
    }
    return new Promise((resolve, reject) => {
      exporter.export(records, ({ code, error }) => {
        if (code === ExportResultCode.SUCCESS) resolve();
        else reject(error ?? new Error("the collector refused"));
      });
    });
  };
}

function contextOf(of: RequestTrace | undefined): Context {
  if (of === undefined) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId: of.traceId, spanId: of.spanId, traceFlags: TraceFlags.SAMPLED });
}
