/**
 * `tsx scripts/regenerate.ts [file|url]`: what the weekly workflow does, on the branch checked out.
 * Imports each edition's document, writes everything that follows from it, tests, and commits; prints the text of the
 * pull request, with a section for each edition. A test that fails, what is left to curate, and a document that cannot
 * be imported beside one that can, are told in the text and keep nothing back. Exits with 1 only where no document can
 * be imported.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { runCommand } from "../codegen/command.ts";
import { editionsIn, mainEdition } from "../codegen/editions.ts";
import { root } from "../codegen/project.ts";
import { SourceError } from "../codegen/read/load.ts";

/** Everything that an import writes, and what is written after it. */
const written = ["openapi", "generated", "test/snapshots", "README.md", "docs", "server.json", "smithery.yaml"];

function run(command: string, args: readonly string[]) {
  // Without colours, since lines are recognised by their beginning.
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined };
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 100_000_000, env });
  return { ok: status === 0, stdout, stderr };
}

const npmRun = (...args: string[]) => run("npm", ["run", "--silent", ...args]);

interface Check {
  /** Of package.json. */
  readonly script: string;
  readonly passed: string;
  readonly failed: string;
  /** The lines of its output that give the reason. */
  readonly telling: RegExp;
}

/** What is told of the branch: what fails is for whoever mends the tools, what is to curate for whoever has words. */
const checks: readonly Check[] = [
  { script: "test", passed: "Tests: all passed.", failed: "Tests: some failed.", telling: /FAIL|^stale, |^failed:/ },
  {
    script: "test:curation",
    passed: "To curate: nothing.",
    failed: "To curate: npm run test:curation passes when this is done.",
    telling: /FAIL|^to curate: /,
  },
];

/** How many lines of a check are listed. */
const MOST_LINES = 60;

/** A check as lines of the pull request's text. */
function checkText({ script, passed, failed, telling }: Check): string {
  const { ok, stdout, stderr } = npmRun(script);
  if (ok) return passed;
  const lines = `${stdout}\n${stderr}`.split("\n").filter((line) => telling.test(line));
  const told = [...new Set(lines)].slice(0, MOST_LINES).map((line) => `- ${line.replace(/^to curate: /, "").trim()}`);
  return [failed, "", ...told].join("\n");
}

interface Imported {
  readonly edition: string;
  readonly ok: boolean;
  /** The report, or why there is none. */
  readonly text: string;
}

function importEdition(edition: string, source: readonly string[]): Imported {
  const { ok, stdout, stderr } = npmRun("openapi:import", "--", "--edition", edition, ...source);
  return { edition, ok, text: ok ? stdout : stderr.replace(/\nNothing was written\.\n$/, "") };
}

function sectionOf({ edition, ok, text }: Imported): string {
  return `## ${edition}\n\n${ok ? text : `Not imported, it is as it was: ${text}`}`;
}

/** Commits what the imports change; returns the pull request's text. Throws SourceError where none can be imported. */
function regenerate(editions: readonly string[], source: readonly string[], testing: boolean): string {
  const imported = editions.map((edition) => importEdition(edition, source));
  if (imported.every(({ ok }) => !ok)) throw new SourceError(imported.map(({ text }) => text).join("\n"));
  const failed = ["snapshots", "docs", "release:files"].filter((script) => !npmRun(script).ok);
  const lines = [
    ...imported.map(sectionOf),
    ...failed.map((script) => `Failed, its files are as they were: npm run ${script}`),
    ...(testing ? checks.map(checkText) : ["Tests: not run."]),
  ];
  run("git", ["add", "--all", ...written]);
  run("git", ["commit", "--quiet", "-m", "Follow the APIs: tools regenerated from their current documents"]);
  return lines.join("\n");
}

const help = `usage: npx tsx scripts/regenerate.ts [file|url] [options]

Imports each edition's document, as its owner publishes it, on the branch that is checked out, writes everything that
follows from them, tests, and commits. A file or address is one edition's.
Prints the text of the pull request: what changed for the tools, what the tests say, and what is left to curate.

  --edition NAME that edition only (with a file or address: portkey without it)
  --no-tests     do not run the tests
`;
const options = {
  edition: { type: "string" },
  "no-tests": { type: "boolean", default: false },
} as const;
process.exitCode = await runCommand({ help, options, most: 1 }, async ({ values, positionals }) => {
  const only = values.edition ?? (positionals.length > 0 ? mainEdition : undefined);
  const editions = only === undefined ? await editionsIn(join(root, "openapi")) : [only];
  return regenerate(editions, positionals, !values["no-tests"]);
});
