/**
 * `tsx scripts/regenerate.ts [file|url] [--no-tests]`: what the weekly workflow does, on the branch checked out.
 * Imports, writes everything that follows from it, tests, and commits; prints the pull request's text.
 * A test that fails is told in the text and keeps nothing back.
 * Exits with 1 only where the document cannot be imported.
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

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

function main(): number {
  const options = { "no-tests": { type: "boolean", default: false } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const imported = npmRun("openapi:import", ...(positionals.length > 0 ? ["--", ...positionals] : []));
  if (!imported.ok) {
    process.stderr.write(imported.stderr);
    return 1;
  }
  const failed = ["snapshots", "docs", "release:files"].filter((script) => !npmRun(script).ok);
  const tests = [
    ...failed.map((script) => `Failed, its files are as they were: npm run ${script}`),
    values["no-tests"] ? "Tests: not run." : testText(),
  ].join("\n");
  run("git", ["add", "--all", ...written]);
  run("git", ["commit", "--quiet", "-m", "Follow Portkey's API: tools regenerated from its current document"]);
  process.stdout.write(`${imported.stdout}\n${tests}\n`);
  return 0;
}

process.exitCode = main();
