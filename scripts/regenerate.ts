/**
 * `tsx scripts/regenerate.ts [file|url]`: what the weekly workflow does, on the branch checked out.
 * Imports, writes everything that follows from it, tests, and commits; prints the pull request's text.
 * A test that fails is told in the text and keeps nothing back.
 * Exits with 1 only where the document cannot be imported.
 */
import { spawnSync } from "node:child_process";
import { runCommand } from "../codegen/command.ts";
import { mainEdition } from "../codegen/editions.ts";
import { SourceError } from "../codegen/read/load.ts";

/** Everything that an import writes, and what is written after it. */
const written = ["openapi", "generated", "test/snapshots", "README.md", "docs", "server.json", "smithery.yaml"];

function run(command: string, args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 100_000_000 });
  return { ok: status === 0, stdout, stderr };
}

const npmRun = (...args: string[]) => run("npm", ["run", "--silent", ...args]);

/** A test run as lines of the pull request's text. */
function testText(): string {
  const { ok, stdout, stderr } = run("npm", ["test"]);
  if (ok) return "Tests: all passed.";
  const failed = `${stdout}\n${stderr}`.split("\n").filter((line) => /FAIL|stale|^failed:/.test(line));
  return ["Tests: some failed.", "", ...[...new Set(failed)].slice(0, 30).map((line) => `- ${line.trim()}`)].join("\n");
}

/** Commits what an import changes; returns the pull request's text. Throws SourceError where it cannot be imported. */
function regenerate(importArgs: readonly string[], testing: boolean): string {
  const imported = npmRun("openapi:import", "--", ...importArgs);
  if (!imported.ok) throw new SourceError(imported.stderr.replace(/\nNothing was written\.\n$/, ""));
  const failed = ["snapshots", "docs", "release:files"].filter((script) => !npmRun(script).ok);
  const lines = [
    imported.stdout,
    ...failed.map((script) => `Failed, its files are as they were: npm run ${script}`),
    testing ? testText() : "Tests: not run.",
  ];
  run("git", ["add", "--all", ...written]);
  run("git", ["commit", "--quiet", "-m", "Follow Portkey's API: tools regenerated from its current document"]);
  return lines.join("\n");
}

const help = `usage: npx tsx scripts/regenerate.ts [file|url] [options]

Imports the document on the branch that is checked out, writes everything that follows from it, tests, and commits.
Prints the text of the pull request: what changed for the tools, and what the tests say.

  --edition NAME the edition whose document it is (portkey without it)
  --no-tests     do not run the tests
`;
const options = {
  edition: { type: "string", default: mainEdition },
  "no-tests": { type: "boolean", default: false },
} as const;
process.exitCode = await runCommand({ help, options, most: 1 }, async ({ values, positionals }) =>
  regenerate(["--edition", values.edition, ...positionals], !values["no-tests"]),
);
