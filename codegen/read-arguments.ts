/** Reads the command line of a script: options, positional arguments and --help. */
import { parseArgs, type ParseArgsConfig } from "node:util";

type Options = NonNullable<ParseArgsConfig["options"]>;

export interface Usage<T extends Options> {
  /** The text of --help. Must end with a line break. */
  readonly help: string;
  readonly options: T;
  /** The least (0 by default) and the greatest number of positional arguments. */
  readonly least?: number;
  readonly most: number;
}

export type Parsed<T extends Options> = ReturnType<typeof parseArgs<{ options: T; allowPositionals: true }>>;

/** The parsed arguments. An exit code instead if the help was printed: 0 on request, 2 after an error. */
export function readArguments<const T extends Options>({
  help,
  options,
  least = 0,
  most,
}: Usage<T>): Parsed<T> | number {
  if (process.argv.includes("--help") || process.argv.includes("-h")) {
    process.stdout.write(help);
    return 0;
  }
  try {
    const parsed = parseArgs({ options, allowPositionals: true });
    const count = parsed.positionals.length;
    if (count < least || count > most) throw new Error(`${count} arguments, which is not what it takes`);
    return parsed;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${help}`);
    return 2;
  }
}

/** The parsed arguments. Ends the process where `readArguments` returns an exit code. */
export function requireArguments<const T extends Options>(usage: Usage<T>): Parsed<T> {
  const read = readArguments(usage);
  if (typeof read === "number") process.exit(read);
  return read;
}
