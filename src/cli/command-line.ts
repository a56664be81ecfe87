/** Parses argv into a command and its flags. An unknown word is an error that names the closest known one. */
import { parseArgs } from "node:util";
import { closestName } from "../errors/closest-name.ts";
import { PortkeyMcpError } from "../errors/errors.ts";
import { FLAGS, type Flag } from "./flags.ts";

export interface CommandLine {
  readonly command: string;
  /** The word behind the command, where it takes one. */
  readonly word?: string;
  /** The words behind the command, where it takes several. */
  readonly operands: readonly string[];
  /** Flags that are no settings and were given, by name. */
  readonly switches: ReadonlySet<string>;
  /** Texts of the settings given as flags, by setting name. */
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Throws CONFIG with one line for each mistake. `argv` starts after the script. `commands` are the known names, and
 * `usual` is the command where none is given. `wordsOf` returns how many words a command takes.
 */
export function parseCommandLine(
  argv: readonly string[],
  commands: readonly string[],
  usual: string,
  wordsOf: (command: string) => number = () => 0,
): CommandLine {
  const options = Object.fromEntries(Object.entries(FLAGS).map(([name, { type }]) => [name, { type, ...SHORT[name] }]));
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });

  const words = tokens.flatMap((token) => (token.kind === "positional" ? [token.value] : []));
  const [first] = words;
  // The usual short forms.
  if (first === "help" || first === "version")
    return { command: usual, operands: [], switches: new Set([first]), settings: {} };
  const [command = usual, ...others] = words;
  const taken = wordsOf(command);
  const [operands, rest] = [others.slice(0, taken), others.slice(taken)];
  const [word] = operands;
  const mistakes: string[] = [];
  if (!commands.includes(command)) {
    mistakes.push(`"${command}" is not a command. ${meantHint(command, commands)}See --help.`);
  }
  for (const extra of rest) mistakes.push(`"${extra}" is one word too many. See --help.`);

  const switches = new Set<string>();
  const settings: Record<string, string> = {};
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const flag = Object.hasOwn(FLAGS, token.name) ? FLAGS[token.name] : undefined;
    const problem = problemOf(token, flag, command);
    if (problem !== undefined) mistakes.push(problem);
    if (problem !== undefined || flag === undefined) continue;
    const { setting } = flag;
    if (setting === undefined) switches.add(token.name);
    else
      settings[setting] =
        flag.list && settings[setting] !== undefined ? `${settings[setting]},${token.value}` : (token.value ?? "true");
  }
  if (mistakes.length > 0) throw new PortkeyMcpError("CONFIG", mistakes.join("\n"));
  return { command, ...(word !== undefined && { word }), operands, switches, settings };
}

const SHORT: Readonly<Record<string, { short: string }>> = { help: { short: "h" }, version: { short: "v" } };

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function meantHint(name: string, known: readonly string[], prefix = ""): string {
  const closest = closestName(name, known);
  return closest === undefined ? "" : `Did you mean ${prefix}${closest}? `;
}

function problemOf(token: OptionToken, flag: Flag | undefined, command: string): string | undefined {
  if (flag === undefined)
    return `${token.rawName} is not a flag. ${meantHint(token.name, Object.keys(FLAGS), "--")}See --help.`;
  if (flag.commands?.includes(command) === false)
    return `${token.rawName} is not for the command ${command}. See --help.`;
  if (flag.type === "boolean") {
    return flag.setting === undefined && token.inlineValue ? `${token.rawName} takes no value.` : undefined;
  }
  const missing =
    token.value === undefined || token.value.trim() === "" || (!token.inlineValue && token.value.startsWith("-"));
  return missing ? `${token.rawName} needs a value: ${token.rawName} <${flag.value}>.` : undefined;
}
