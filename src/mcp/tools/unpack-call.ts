/**
 * A call's arguments as they will be sent: `more` unpacked, and this server's own arguments taken out.
 * The confirmation and the audit read these, so that an argument counts the same wherever it was written.
 */
import type { ToolRecord } from "../../catalog/record.ts";
import { readArguments } from "../../portkey/request/arguments.ts";
import type { CallContext } from "../../portkey/port.ts";
import type { Arguments } from "../parts.ts";

export interface UnpackedCall {
  /** By argument name; unknown arguments are left out. */
  readonly values: Arguments;
  readonly dryRun: boolean;
  readonly key?: CallContext["key"];
}

/** Never throws: faults of the arguments are left to the check. */
export function unpackCall(record: ToolRecord, args: Arguments): UnpackedCall {
  // Saves time: most calls have nothing to unpack.
  if (args["more"] === undefined && args["dry_run"] === undefined) return { values: args, dryRun: false };
  const { values, dryRun } = readArguments(record, args);
  return { values, dryRun };
}
