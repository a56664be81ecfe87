/**
 * `npm run test:conformance`: the official conformance suite against this server, for both eras, judged by the checks
 * that it writes down. The suite calls a scenario passed that checked nothing, so its own verdict is not taken. It
 * needs Node 22 or newer, which npx fetches beside it.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveFixtures } from "../test/conformance/serve.ts";

const SUITE = "@modelcontextprotocol/conformance@0.2.0-alpha.12";

interface Expectation {
  readonly revision: string;
  /** Scenarios that the suite scores. */
  readonly scenarios: number;
  /** Checks in them that pass. The rest are notes, and checks of list changes that this server does not announce. */
  readonly passed: number;
}

const EXPECTED: readonly Expectation[] = [
  { revision: "2025-11-25", scenarios: 30, passed: 69 },
  { revision: "2026-07-28", scenarios: 37, passed: 118 },
];

interface Check {
  readonly id: string;
  readonly status: "SUCCESS" | "FAILURE" | "WARNING" | "SKIPPED" | "INFO";
  readonly errorMessage?: string;
}

const server = await serveFixtures();
const out = mkdtempSync(join(tmpdir(), "conformance-"));
try {
  const url = `${server.url.replace("127.0.0.1", "localhost")}/mcp`;
  let sound = true;
  for (const expected of EXPECTED) sound = (await judge(expected, url)) && sound;
  process.exitCode = sound ? 0 : 1;
} finally {
  await server.stop();
  rmSync(out, { recursive: true });
}

async function judge({ revision, scenarios, passed }: Expectation, url: string): Promise<boolean> {
  const dir = join(out, revision);
  const scored = scenariosIn(await suite(["list", "--server", "--requirements", revision]));
  await suite(["server", "--url", url, "--requirements", revision, "-o", dir]);
  const found = checksIn(dir);
  const complaints: string[] = [];
  let successes = 0;
  for (const scenario of scored) {
    const checks = found.get(scenario) ?? [];
    const good = checks.filter(({ status }) => status === "SUCCESS").length;
    successes += good;
    if (good === 0) complaints.push(`${scenario}: nothing was checked`);
    for (const { id, status, errorMessage } of checks) {
      if (status === "FAILURE" || status === "WARNING")
        complaints.push(`${scenario}: ${id}: ${errorMessage ?? status}`);
    }
  }
  if (scored.length !== scenarios) complaints.push(`${scored.length} scenarios are scored; ${scenarios} were expected`);
  if (successes < passed) complaints.push(`${successes} checks passed; ${passed} were expected`);
  report(
    `${revision}: ${scored.length} scored scenarios, ${successes} checks passed, ${complaints.length} complaints`,
    complaints,
  );
  return complaints.length === 0;
}

/** Runs the suite and resolves with its output. The exit code is ignored, as it only repeats the suite's verdict. */
function suite(parameters: readonly string[]): Promise<string> {
  const words = ["-y", "--loglevel=error", "-p", "node@24", "-p", SUITE, "conformance", ...parameters];
  return new Promise((resolve, reject) => {
    const child = spawn("npx", words, { stdio: ["ignore", "pipe", "inherit"], cwd: tmpdir() });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    child.on("error", reject);
    child.on("close", () => resolve(text));
  });
}

/** The server scenarios of `list`, which prints the client's after them. */
function scenariosIn(text: string): string[] {
  const [, servers = ""] = text.split("Server scenarios");
  return [...(servers.split("Client scenarios")[0] ?? "").matchAll(/^\s+- (\S+)/gm)].map(([, name]) => name as string);
}

/** Every scenario's checks, from the folders `server-<scenario>-<time>`. */
function checksIn(dir: string): Map<string, Check[]> {
  return new Map(
    readdirSync(dir).map((folder) => {
      const name = folder.replace(/^server-/, "").replace(/-\d{4}-\d{2}-\d{2}T.*$/, "");
      return [name, JSON.parse(readFileSync(join(dir, folder, "checks.json"), "utf8")) as Check[]] as const;
    }),
  );
}

function report(headline: string, lines: readonly string[]): void {
  process.stdout.write(`${[headline, ...lines.map((line) => `  ${line}`)].join("\n")}\n`);
}
