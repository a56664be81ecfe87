/** Runs a command on the document: reads its command line, prints its result, and reports errors. */
import type { ParseArgsConfig } from "node:util";
import { readArguments, type Parsed, type Usage } from "./read-arguments.ts";
import { SourceError } from "./read/load.ts";
import { StaleError } from "./read/overlay-action.ts";
import { TableError } from "./read/tables.ts";

/** Generated files are out of date: they do not match the tables. */
export class BehindError extends Error {}

/** Prints the result of `run` and returns the exit code: 0, 1 if `run` fails, or 2 if the command line is wrong. */
export async function runCommand<const T extends NonNullable<ParseArgsConfig["options"]>>(
  usage: Usage<T>,
  run: (parsed: Parsed<T>) => Promise<string>,
): Promise<number> {
  const parsed = readArguments(usage);
  if (typeof parsed === "number") return parsed;
  try {
    process.stdout.write(`${await run(parsed)}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${mistakeText(error)}\nNothing was written.\n`);
    return 1;
  }
}

/** The message of an expected error names its place. Any other error is a bug: the place in this code is added. */
function mistakeText(error: unknown): string {
  const told = [SourceError, TableError, StaleError, BehindError].some((kind) => error instanceof kind);
  const message = error instanceof Error ? error.message : String(error);
  if (told) return message;
  const place = error instanceof Error ? /codegen\/[\w/.-]+:\d+/.exec(error.stack ?? "")?.[0] : undefined;
  return `The import met what it does not know: ${message.split("\n")[0]}${place ? ` (${place})` : ""}`;
}
