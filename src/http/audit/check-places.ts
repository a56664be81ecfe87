/** Checks whether the audit's places can be written, without opening or creating any. */
import { accessSync, constants, statSync } from "node:fs";
import { dirname } from "node:path";
import { collectMistakes } from "../../errors/collect-mistakes.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";

export interface PlaceNeeds {
  /** Whether lines have a chain, which is continued at the end of a file: so files must be readable. */
  readonly chained: boolean;
  /** Whether the settings of OpenTelemetry name a collector for audit lines. */
  readonly collector: boolean;
}

/** `names` are those of MCP_AUDIT_LOG. Throws CONFIG with a line for each that cannot be written. */
export function checkPlaces(names: readonly string[], needs: PlaceNeeds): void {
  const mistakes = collectMistakes();
  for (const name of names) mistakes.attempt(() => checkPlace(name, needs));
  mistakes.refuse();
}

/** The CONFIG error for a place that cannot be written; `reason` may be the system's message. */
export function unwritable(place: string, reason: string, cause?: unknown): PortkeyMcpError {
  return new PortkeyMcpError("CONFIG", `MCP_AUDIT_LOG: cannot write to "${place}" (${reason}).`, {}, { cause });
}

function checkPlace(name: string, { chained, collector }: PlaceNeeds): void {
  if (name === "stderr") return;
  if (name === "otlp") {
    if (collector) return;
    throw new PortkeyMcpError(
      "CONFIG",
      "MCP_AUDIT_LOG names otlp, and OpenTelemetry's settings lead to no collector. Set OTEL_EXPORTER_OTLP_ENDPOINT.",
    );
  }
  try {
    checkFile(name, chained);
  } catch (error) {
    if (error instanceof PortkeyMcpError) throw error;
    throw unwritable(name, (error as Error).message, error);
  }
}

/** Throws CONFIG, or an error of the system. */
function checkFile(path: string, chained: boolean): void {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file?.isDirectory()) throw unwritable(path, "it is a folder");
  if (file !== undefined) {
    accessSync(path, chained ? constants.W_OK | constants.R_OK : constants.W_OK);
    return;
  }
  const folder = dirname(path);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw unwritable(path, `the folder "${folder}" is not there`);
  accessSync(folder, constants.W_OK | constants.X_OK);
}
