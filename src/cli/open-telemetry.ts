/** Telemetry, where OpenTelemetry's settings ask for it; without them none of its code is loaded. */
import { telemetryConfig } from "../config/otel.ts";
import type { Source } from "../config/read-settings.ts";
import { LOG_LEVELS, type Log } from "../log/log.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import { VERSION } from "./version.ts";

/**
 * `audit`: the audit's lines go to the collector. Warns of what is not understood; never throws for it. The way out
 * must be known already.
 */
export async function openTelemetry(env: Source["env"], log: Log, audit = false): Promise<Telemetry | undefined> {
  const { config, warnings } = telemetryConfig(env, { audit });
  for (const warning of warnings) log.write("warn", warning);
  if (config === undefined) return undefined;
  const { startTelemetry } = await import("../telemetry/telemetry.ts");
  return startTelemetry({ config, version: VERSION, log });
}

/** The log, whose lines of `level` and above are sent too, where telemetry takes them. */
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
        // What cannot be written as JSON stands in the log without its facts.
        record(lineLevel, message, {});
      }
    },
  };
}
