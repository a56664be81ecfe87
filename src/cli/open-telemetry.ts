/** Loads and starts telemetry, where OpenTelemetry's settings ask for it. */
import { telemetryConfig } from "../config/otel.ts";
import type { Source } from "../config/read-settings.ts";
import { LOG_LEVELS, type Log } from "../log/log.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import { VERSION } from "./version.ts";

/**
 * `audit`: whether the audit's lines go to the collector. Logs a warning for invalid settings, and never throws for
 * them. Set the process's proxies before.
 */
export async function openTelemetry(env: Source["env"], log: Log, audit = false): Promise<Telemetry | undefined> {
  const { config, warnings } = telemetryConfig(env, { audit });
  for (const warning of warnings) log.write("warn", warning);
  if (config === undefined) return undefined;
  const { startTelemetry } = await import("../telemetry/telemetry.ts");
  return startTelemetry({ config, version: VERSION, log });
}

/** The log; lines of `level` and above also go to `record`. */
export function withRecords(log: Log, level: string, record: Telemetry["record"]): Log {
  if (record === undefined) return log;
  const least = LOG_LEVELS.findIndex((one) => one === level);
  return {
    ...log,
    write(lineLevel, message, facts = {}) {
      log.write(lineLevel, message, facts);
      if (LOG_LEVELS.indexOf(lineLevel) < least) return;
      try {
        record(lineLevel, message, facts);
      } catch {
        // Facts that are no JSON are left out of the log as well.
        record(lineLevel, message, {});
      }
    },
  };
}
