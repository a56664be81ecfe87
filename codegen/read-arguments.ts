/** The command line of a script: its options, --help, and how a mistake in it is told. */
import { parseArgs, type ParseArgsConfig } from "node:util";

type Options = NonNullable<ParseArgsConfig["options"]>;

export interface Usage<T extends Options> {
  /** Ends with a line's end. */
  readonly help: string;
  readonly options: T;
  /** The fewest and the most arguments beside the options. */
  readonly least?: number;
  readonly most: number;
}

export type Parsed<T extends Options> = ReturnType<typeof parseArgs<{ options: T; allowPositionals: true }>>;

/** What was given; or the exit code, where the help, or a mistake with the help, has been printed instead. */
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

/** The same for a script that cannot go on without: it ends then. */
export function requireArguments<const T extends Options>(usage: Usage<T>): Parsed<T> {
  const read = readArguments(usage);
  if (typeof read === "number") process.exit(read);
  return read;
}
