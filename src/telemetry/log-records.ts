/** Emits lines of the log as OpenTelemetry log records. */
import { SeverityNumber, type AnyValueMap, type Logger } from "@opentelemetry/api-logs";
import type { WrittenLevel } from "../log/log.ts";
import { maskSecrets } from "../log/mask.ts";

export type RecordLine = (level: WrittenLevel, message: string, facts: Readonly<Record<string, unknown>>) => void;

const SEVERITIES: Readonly<Record<WrittenLevel, SeverityNumber>> = {
  trace: SeverityNumber.TRACE,
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  fatal: SeverityNumber.FATAL,
};

/** Masks secrets, as the log does. */
export function createRecordLine(logger: Logger): RecordLine {
  return (level, message, facts) =>
    logger.emit({
      severityNumber: SEVERITIES[level],
      severityText: level,
      body: message,
      // Through JSON, so that the record holds what the log's line holds.
      attributes: JSON.parse(JSON.stringify(maskSecrets(facts))) as AnyValueMap,
    });
}
