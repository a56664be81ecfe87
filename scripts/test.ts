/**
 * `npm test`: generated files, types, lint, build, and every test. `npm test -- --fast` runs what a change touches:
 * types,
 * and the tests that import a changed file (against HEAD, or `--fast <revision>`). Other arguments go to vitest.
 */
import { spawnSync } from "node:child_process";

interface Step {
  readonly command: string;
  readonly args: readonly string[];
}

const npmScript = (...args: string[]): Step => ({ command: "npm", args: ["run", "--silent", ...args] });

/** The steps of a run, in order; the first that fails ends it. */
function stepsFor(args: readonly string[]): readonly Step[] {
  if (args[0] !== "--fast") {
    return [
      npmScript("generate", "--", "--check"),
      npmScript("types"),
      npmScript("lint"),
      npmScript("build"),
      { command: "npx", args: ["vitest", "run", ...args] },
    ];
  }
  const since = args[1] ?? "HEAD";
  return [
    npmScript("types"),
    { command: "npx", args: ["vitest", "run", `--changed=${since}`, "--passWithNoTests", ...args.slice(2)] },
  ];
}

for (const { command, args } of stepsFor(process.argv.slice(2))) {
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  if (status !== 0) {
    process.stderr.write(`failed: ${command} ${args.join(" ")}\n`);
    process.exit(status ?? 1);
  }
}
