/**
 * What a page's commands call: run by a real shell, where programs that need an engine, a cluster or an account only
 * note how they were called.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./pages.ts";

export interface RecordedCall {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Throws where the shell does not get to the end. */
export function recordCalls(
  text: string,
  programs: readonly string[],
  env: Readonly<Record<string, string>> = {},
): readonly RecordedCall[] {
  const folder = mkdtempSync(join(tmpdir(), "recorded-"));
  const notes = join(folder, "calls");
  writeFileSync(notes, "");
  for (const program of programs) {
    const note = `{ printf '%s\\0' ${program} "$@" '${ENVIRONMENT}'; env -0; printf '%s\\0' '${END}'; } >> ${notes}`;
    writeFileSync(join(folder, program), `#!/bin/sh\n${note}\n`);
    chmodSync(join(folder, program), 0o755);
  }
  const { status, stderr } = spawnSync("sh", ["-eu", "-c", text], {
    cwd: ROOT,
    encoding: "utf8",
    env: { PATH: `${folder}:${process.env["PATH"]}`, ...env },
  });
  const calls = readFileSync(notes, "utf8").split(`${END}\0`).slice(0, -1);
  rmSync(folder, { recursive: true });
  if (status !== 0) throw new Error(`The commands ended with ${status}: ${stderr}`);
  return calls.map(readCall);
}

/** What parts a note: words that no page has. */
const [ENVIRONMENT, END] = ["=environment=", "=end="];

function readCall(note: string): RecordedCall {
  const words = note.split("\0").slice(0, -1);
  const at = words.indexOf(ENVIRONMENT);
  const [program = "", ...args] = words.slice(0, at);
  const env = words.slice(at + 1).map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]);
  return { program, args, env: Object.fromEntries(env) as Record<string, string> };
}

/** The values of an option that may stand several times, as in -e A=1 -e B. */
export function optionsOf(args: readonly string[], name: string): string[] {
  return args.filter((_word, at) => args[at - 1] === name);
}
