/**
 * Reads a table of settings: from the command line, else the environment, else a file for secrets, else the default.
 * Mistakes are collected, one line each, so that a person can correct them all at once.
 */
import { isServiceAddress } from "./foreign-variables.ts";
import { readTextFile } from "./files/read-text-file.ts";
import type { Setting, SettingTable, Values } from "./setting.ts";

/** Where settings come from: the environment, and flags by their setting's name. */
export interface Source {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: Readonly<Record<string, string>>;
  /** Called for each file that is read, with the setting that names it. */
  readonly onFile?: (setting: string, path: string) => void;
}

/** A setting's text, and the name under which it was given, for messages. */
interface SettingText {
  readonly name: string;
  readonly text: string;
}

/** Adds to `mistakes` what keeps the server from starting, and to `warnings` what was ignored. */
export function readSettings<Table extends SettingTable>(
  table: Table,
  source: Source,
  mistakes: string[],
  warnings: string[] = [],
): Values<Table> {
  const values: Record<string, unknown> = {};
  for (const [name, row] of Object.entries(table)) {
    values[name] = row.fallback;
    try {
      const found = find(name, row, source, warnings);
      if (found !== undefined) values[name] = parse(found, row);
    } catch (error) {
      mistakes.push((error as Error).message);
    }
  }
  return Object.freeze(values) as Values<Table>;
}

/** The text of a file. Throws an Error that names the setting and the reason. */
export function readSettingFile(name: string, path: string, { onFile }: Pick<Source, "onFile">): string {
  onFile?.(name, path);
  try {
    return readTextFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new Error(`${name}: cannot read "${path}" (${code ?? (error as Error).message}).`, { cause: error });
  }
}

function find(name: string, row: Setting, source: Source, warnings: string[]): SettingText | undefined {
  const { env, flags } = source;
  const flagged = flags[name];
  if (flagged !== undefined) return { name: `--${row.flag}`, text: flagged.trim() };

  for (const variable of [name, ...(row.also ?? [])]) {
    const text = nonBlank(env[variable]);
    if (text !== undefined && variable.endsWith("PORT") && isServiceAddress(text)) {
      warnings.push(serviceLink(variable));
      continue;
    }
    const file = row.file ? nonBlank(env[`${variable}_FILE`]) : undefined;
    if (text !== undefined && file !== undefined)
      throw new Error(`${variable} and ${variable}_FILE are both set. Keep one.`);
    if (text !== undefined) return { name: variable, text };
    if (file !== undefined) return { name: `${variable}_FILE`, text: fileContent(`${variable}_FILE`, file, source) };
  }
  return undefined;
}

function serviceLink(variable: string): string {
  return (
    `${variable} holds the address of a Kubernetes service, set for each service of the namespace. It is not read. ` +
    "Set enableServiceLinks: false in the pod, or give the port with --port."
  );
}

function fileContent(name: string, path: string, source: Pick<Source, "onFile">): string {
  const text = nonBlank(readSettingFile(name, path, source));
  if (text === undefined) throw new Error(`${name}: "${path}" is empty.`);
  return text;
}

/** An empty variable counts as not set: compose files and shells pass on unset ones as empty. */
function nonBlank(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === "" ? undefined : trimmed;
}

/** Files of variables are read in two ways: shells take quotes off, and containers hand them on with the value. */
const QUOTED = /^(["'`]).*\1$/s;

function parse(found: SettingText, row: Setting): unknown {
  try {
    const value = row.kind.parse(found.text);
    if (QUOTED.test(found.text)) throw new Error("is in quotes, which count as part of it. Leave them out.");
    return value;
  } catch (error) {
    throw new Error(`${found.name} ${(error as Error).message}`, { cause: error });
  }
}
