/** Lines of the log as OpenTelemetry's log records. */
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

/** Secrets are masked as in the log. */
export function recordLines(logger: Logger): RecordLine {
  return (level, message, facts) =>
    logger.emit({
      severityNumber: SEVERITIES[level],
      severityText: level,
      body: message,
      // As JSON has them: what the log could not write is not sent either.
      attributes: JSON.parse(JSON.stringify(maskSecrets(facts))) as AnyValueMap,
    });
}
