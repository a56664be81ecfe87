/** What the commands over the document share: their options, --help, and how a mistake is told. */
import { parseArgs, type ParseArgsConfig } from "node:util";
import { SourceError } from "./read/load.ts";
import { StaleError } from "./read/overlay-action.ts";
import { TableError } from "./read/tables.ts";

/** What is generated is not as the tables have it. */
export class BehindError extends Error {}

export interface Command<T extends NonNullable<ParseArgsConfig["options"]>> {
  readonly help: string;
  readonly options: T;
  /** The fewest and the most arguments beside the options. */
  readonly least?: number;
  readonly most: number;
}

type Parsed<T extends NonNullable<ParseArgsConfig["options"]>> = ReturnType<
  typeof parseArgs<{ options: T; allowPositionals: true }>
>;

/** Prints what `run` returns. Exit code 1 where the document or a table is wrong, 2 where the command line is. */
export async function runCommand<const T extends NonNullable<ParseArgsConfig["options"]>>(
  { help, options, least = 0, most }: Command<T>,
  run: (parsed: Parsed<T>) => Promise<string>,
): Promise<number> {
  let parsed: Parsed<T>;
  try {
    if (process.argv.includes("--help") || process.argv.includes("-h")) {
      process.stdout.write(help);
      return 0;
    }
    parsed = parseArgs({ options, allowPositionals: true });
    const count = parsed.positionals.length;
    if (count < least || count > most) throw new Error(`${count} arguments, which is not what it takes`);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${help}`);
    return 2;
  }
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
