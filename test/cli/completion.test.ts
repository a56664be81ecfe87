/** The scripts are run in the shells they are for, where those are installed. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { completionScript, SHELL_NAMES } from "../../src/cli/completion.ts";
import { FLAGS } from "../../src/cli/flags.ts";
import { COMMANDS } from "../../src/cli/main.ts";

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
