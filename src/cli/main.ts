/** Runs the command that argv names. A command's code is loaded only when it runs. */
import { PortkeyMcpError } from "../errors/errors.ts";
import { refuse } from "../config/load-config.ts";
import { readSettings, type Source } from "../config/read-settings.ts";
import { SETTINGS } from "../config/settings.ts";
import { parseCommandLine, type CommandLine } from "./command-line.ts";
import { nameFlags } from "./flags.ts";
import { VERSION } from "./version.ts";

export interface Command {
  readonly doc: string;
  /** The words of which it takes one. */
  readonly words?: readonly string[];
  /** Whether it takes any number of words after that one. */
  readonly many?: true;
  /** Resolves when the command has ended, or runs in the background. Throws CONFIG where it cannot start. */
  readonly start: (source: Source, line: CommandLine) => Promise<void>;
}

export const COMMANDS: Readonly<Record<string, Command>> = {
  stdio: {
    doc: "Serve the client that started this process (the default)",
    start: async (source, line) => (await import("./start-stdio.ts")).startStdio(source, line),
  },
  http: {
    doc: "Serve clients over HTTP",
    start: async (source, line) => (await import("./start-http.ts")).startHttpServer(source, line),
  },
  sandbox: {
    doc: "Serve the stand-in for Portkey's API over HTTP, to try requests against",
    start: async (source) => (await import("./start-sandbox-api.ts")).startSandboxApi(source),
  },
  doctor: {
    doc: "Check Node, the settings, the keys, Portkey, the clock and Redis, and say what to do",
    start: async (source, line) => (await import("./doctor.ts")).runDoctor(source, line),
  },
  audit: {
    doc: "audit verify <file>...: say whether the audit's lines are as they were written",
    words: ["verify"],
    many: true,
    start: async (source, line) => (await import("./commands/audit.ts")).runAudit(source, line),
  },
  completion: {
    doc: "Print the script that completes this command in a shell: bash, zsh or fish",
    words: ["bash", "zsh", "fish"],
    start: async (source, line) => print(await completion(source, line)),
  },
};

/** Runs the command of `argv`. For an invalid configuration it prints a line for each mistake; the exit code is 2. */
export async function main(argv: readonly string[], env: Source["env"]): Promise<void> {
  let line: CommandLine | undefined;
  try {
    line = parseCommandLine(argv, Object.keys(COMMANDS), usualCommand(env), (command) => wordsOf(COMMANDS[command]));
    if (line.switches.has("version")) return print(`${VERSION}\n`);
    if (line.switches.has("help")) return print((await import("./help.ts")).helpText(COMMANDS));
    const command = line.switches.has("doctor") ? "doctor" : line.command;
    await COMMANDS[command]?.start({ env, flags: line.settings }, line);
  } catch (error) {
    fail(error, line?.settings ?? {});
  }
}

function wordsOf(command: Command | undefined): number {
  if (command?.many) return Infinity;
  return command?.words === undefined ? 0 : 1;
}

function usualCommand(env: Source["env"]): string {
  const mistakes: string[] = [];
  const { MCP_TRANSPORT } = readSettings({ MCP_TRANSPORT: SETTINGS.MCP_TRANSPORT }, { env, flags: {} }, mistakes);
  refuse(mistakes);
  return MCP_TRANSPORT ?? "stdio";
}

async function completion(source: Source, { word }: CommandLine): Promise<string> {
  const { completionScript } = await import("./completion.ts");
  const { FLAGS } = await import("./flags.ts");
  const { loadChosenEdition } = await import("../config/chosen-edition.ts");
  const { records } = await loadChosenEdition(source);
  const domains = [...new Set(records.map(({ domain }) => domain))];
  return completionScript(word, {
    commands: COMMANDS,
    flags: FLAGS,
    values: { domains, tools: records.map(({ name }) => name) },
  });
}

function print(text: string): void {
  process.stdout.write(text);
}

/** Prints the error and exits: with 2 for an invalid configuration, else with 1. */
function fail(error: unknown, given: CommandLine["settings"]): void {
  const config = error instanceof PortkeyMcpError && error.code === "CONFIG";
  const text = error instanceof Error ? error.message : String(error);
  const lines = nameFlags(text, given)
    .split("\n")
    .map((line) => `portkey-admin-mcp: ${line}\n`);
  process.exitCode = config ? 2 : 1;
  // Resources that are open, such as a connection to Redis, must not keep the process running.
  process.stderr.write(lines.join(""), () => process.exit());
}
