/**
 * The whole of a call as it will be made: `more` unpacked, our own arguments set apart. Whoever judges a call before it
 * is sent (the confirmation, the audit) reads this, so that no argument counts less for standing somewhere else.
 */
import type { ToolRecord } from "../../catalog/record.ts";
import { readArguments } from "../../portkey/request/arguments.ts";
import type { CallContext } from "../../portkey/port.ts";
import type { Arguments } from "../parts.ts";

export interface WholeCall {
  /** By argument name, as given; unknown ones are left out. */
  readonly values: Arguments;
  readonly dryRun: boolean;
  readonly key?: CallContext["key"];
}

/** Never throws; what is wrong with the arguments is told by the check. */
export function wholeCall(record: ToolRecord, args: Arguments): WholeCall {
  // Most calls have nothing to unpack.
  if (args["more"] === undefined && args["dry_run"] === undefined) return { values: args, dryRun: false };
  const { values, dryRun } = readArguments(record, args);
  return { values, dryRun };
}
