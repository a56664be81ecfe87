/** Scripts that take options say so, and name what they do not take, without a stack trace. */
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { root } from "./scratch-project.ts";

const SCRIPTS = [
  ["openapi:import", "codegen/import.ts"],
  ["openapi:diff", "codegen/diff.ts"],
  ["generate", "codegen/generate.ts"],
  ["bench", "scripts/bench.ts"],
  ["test:clients", "scripts/clients.ts"],
  ["eval", "scripts/eval.ts"],
  ["demo", "scripts/demo.ts"],
  ["test:http", "scripts/smoke.ts"],
] as const;

test.each(SCRIPTS)("npm run %s -- --help says how it is used", (name, file) => {
  const { status, stdout, stderr } = run(file, "--help");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(new RegExp(`^usage: npm run ${name}\\b[^]+\n$`));
});

test.each([
  ["an option that there is not", ["--nope"], /^Unknown option '--nope'[^\n]*\n\nusage: /],
  ["a word too many", ["one"], /^1 arguments, which is not what it takes\n\nusage: /],
])("%s is named, with how it is used", (_title, args, want) => {
  const { status, stdout, stderr } = run("scripts/smoke.ts", ...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(want);
});

function run(file: string, ...args: string[]) {
  return spawnSync(process.execPath, ["--import", "tsx", file, ...args], { cwd: root, encoding: "utf8" });
}
