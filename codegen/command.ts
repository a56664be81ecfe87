/** What the commands over the document share: their command line, and how a mistake is told. */
import type { ParseArgsConfig } from "node:util";
import { readArguments, type Parsed, type Usage } from "./read-arguments.ts";
import { SourceError } from "./read/load.ts";
import { StaleError } from "./read/overlay-action.ts";
import { TableError } from "./read/tables.ts";

/** What is generated is not as the tables have it. */
export class BehindError extends Error {}

/** Prints what `run` returns. Exit code 1 where the document or a table is wrong, 2 where the command line is. */
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

/** A mistake of the document or a table names its place; anything else is a fault of ours: it says where it was met. */
function mistakeText(error: unknown): string {
  const told = [SourceError, TableError, StaleError, BehindError].some((kind) => error instanceof kind);
  const message = error instanceof Error ? error.message : String(error);
  if (told) return message;
  const place = error instanceof Error ? /codegen\/[\w/.-]+:\d+/.exec(error.stack ?? "")?.[0] : undefined;
  return `The import met what it does not know: ${message.split("\n")[0]}${place ? ` (${place})` : ""}`;
}
