/** The scripts are run in the shells they are for, where those are installed. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { completionScript, SHELL_NAMES } from "../../src/cli/completion.ts";
import { FLAGS } from "../../src/cli/flags.ts";
import { COMMANDS } from "../../src/cli/main.ts";
import { completeInZsh } from "./complete-in-zsh.ts";

const parts = {
  commands: COMMANDS,
  flags: FLAGS,
  values: { domains: ["prompts", "configs"], tools: ["list_prompts"] },
};
const has = (shell: string) => spawnSync(shell, ["-c", "true"]).status === 0;

describe.skipIf(!has("bash"))("bash completes", () => {
  const complete = (...words: string[]): string[] => {
    const script =
      `${completionScript("bash", parts)}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); ` +
      `COMP_CWORD=${words.length - 1}; _portkey_admin_mcp; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync("bash", ["-c", script], { encoding: "utf8" }).trim().split("\n");
  };
  const cases: [string, string[], string[]][] = [
    ["commands", ["portkey-admin-mcp", ""], Object.keys(COMMANDS)],
    ["the start of a command", ["portkey-admin-mcp", "do"], ["doctor"]],
    ["the start of a flag", ["portkey-admin-mcp", "--read"], ["--read-only"]],
    ["a command's own flags", ["portkey-admin-mcp", "http", "--po"], ["--port"]],
    ["no flag of another command", ["portkey-admin-mcp", "sandbox", "--read"], [""]],
    ["a choice", ["portkey-admin-mcp", "--confirm", ""], ["auto", "always", "never"]],
    ["a choice behind an equals sign", ["portkey-admin-mcp", "--confirm", "=", "al"], ["always"]],
    ["domains", ["portkey-admin-mcp", "--domains", "co"], ["configs"]],
    ["shells", ["portkey-admin-mcp", "completion", ""], ["bash", "zsh", "fish"]],
    ["the HTTP bin's flags", ["portkey-admin-mcp-http", "--ho"], ["--host"]],
  ];
  test.each(cases)("%s", (_title, words, want) => {
    expect(complete(...words)).toEqual(want);
  });
});

describe.skipIf(!has("fish"))("fish completes", () => {
  const complete = (line: string): string[] => {
    const script = `${completionScript("fish", parts)}\ncomplete -C'${line}'`;
    const home = "/nonexistent";
    return execFileSync("fish", ["--no-config", "-c", script], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"], HOME: home },
    })
      .trim()
      .split("\n")
      .map((one) => one.split("\t")[0] ?? "");
  };
  test.each([
    ["portkey-admin-mcp do", ["doctor"]],
    ["portkey-admin-mcp --read", ["--read-only"]],
    ["portkey-admin-mcp http --po", ["--port"]],
    ["portkey-admin-mcp sandbox --read", [""]],
    ["portkey-admin-mcp --confirm al", ["always"]],
    ["portkey-admin-mcp completion z", ["zsh"]],
  ])("%s", (line, want) => {
    expect(complete(line)).toEqual(want);
  });
});

describe.skipIf(!has("zsh"))("zsh completes", () => {
  test.each([
    ["portkey-admin-mcp ", Object.keys(COMMANDS).sort()],
    ["portkey-admin-mcp do", ["doctor"]],
    ["portkey-admin-mcp http --po", ["--port"]],
    ["portkey-admin-mcp sandbox --read", []],
    ["portkey-admin-mcp --confirm ", ["always", "auto", "never"]],
    ["portkey-admin-mcp --confirm=al", ["always"]],
    ["portkey-admin-mcp --domains co", ["configs"]],
    ["portkey-admin-mcp completion ", ["bash", "fish", "zsh"]],
    ["portkey-admin-mcp audit ", ["verify"]],
    ["portkey-admin-mcp-http --ho", ["--host"]],
    ["portkey-admin-mcp-http d", []],
  ])("%s", (line, want) => {
    expect(completeInZsh(completionScript("zsh", parts), line)).toEqual(want);
  });
});

describe("every script", () => {
  test.each(SHELL_NAMES.filter(has))("is one that %s can read", (shell) => {
    const folder = mkdtempSync(join(tmpdir(), "completion-"));
    const file = join(folder, "script");
    writeFileSync(file, completionScript(shell, parts));
    const { status, stderr } = spawnSync(shell, ["-n", file], { encoding: "utf8" });
    rmSync(folder, { recursive: true });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  test.each(SHELL_NAMES)("names every command and flag (%s)", (shell) => {
    const script = completionScript(shell, parts);
    const names = [
      ...Object.keys(COMMANDS),
      ...Object.keys(FLAGS).map((flag) => (shell === "fish" ? `-l ${flag}` : `--${flag}`)),
    ];
    expect(names.filter((name) => !script.includes(name))).toEqual([]);
  });
});

test.each([undefined, "tcsh", "constructor"])("the shell %s is refused", (shell) => {
  expect(() => completionScript(shell, parts)).toThrow("completion needs a shell: bash, zsh, fish.");
});

/** A folder of commands that say what they were called with. */
function pathWith(...commands: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "commands-"));
  for (const name of commands) writeFileSync(join(folder, name), `#!/bin/sh\necho ${name} "$@"\n`, { mode: 0o755 });
  return folder;
}

describe.each(["bash", "zsh", "fish"])("in %s the name that is completed", (shell) => {
  test.skipIf(!has(shell)).each([
    ["stands for npx where the command is not installed", ["npx"], "npx -y portkey-admin-mcp doctor --sandbox"],
    ["is the command where it is installed", ["npx", "portkey-admin-mcp"], "portkey-admin-mcp doctor --sandbox"],
  ])("%s", (_title, commands, want) => {
    const folder = pathWith(...commands);
    const script = `${completionScript(shell, parts)}\nportkey-admin-mcp doctor --sandbox`;
    const plain = { bash: "--norc", fish: "--no-config", zsh: "-f" }[shell] ?? "";
    const env = { PATH: `${folder}:/usr/bin:/bin`, HOME: "/nonexistent" };
    expect(execFileSync(shell, [plain, "-c", script], { encoding: "utf8", env }).trim()).toBe(want);
    rmSync(folder, { recursive: true });
  });
});
