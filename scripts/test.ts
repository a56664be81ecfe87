/**
 * `npm test`: generated files, types and lint beside each other, then every test but those of the projects `system`
 * and `curation`, which `npm run test:system` and `npm run test:curation` run; what needs the bundle builds it.
 * `npm test -- --fast` runs what a change touches: types, and the tests that import a changed file (against HEAD, or
 * `--fast <revision>`). Other arguments go to vitest.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";

type Command = readonly string[];

const npmScript = (...args: string[]): Command => ["npm", "run", "--silent", ...args];

/** `system` and `curation` have commands of their own. (Two exclusions would each admit what the other leaves out.) */
const projects = ["shared", "alone"].flatMap((name) => ["--project", name]);

interface Plan {
  /** These checks write no common files, so they run in parallel. */
  readonly first: readonly Command[];
  readonly tests: Command;
}

function planFor(args: readonly string[]): Plan {
  if (args[0] !== "--fast") {
    const first = [npmScript("lint"), npmScript("types"), npmScript("generate", "--", "--check")];
    return { first, tests: ["npx", "vitest", "run", ...projects, ...args] };
  }
  const since = args[1] ?? "HEAD";
  return {
    first: [npmScript("types")],
    tests: ["npx", "vitest", "run", `--changed=${since}`, "--passWithNoTests", ...args.slice(2)],
  };
}

/** Runs a check, and prints its output as a whole; resolves with whether it succeeded. */
async function succeeds(command: Command): Promise<boolean> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => said.push(chunk));
  const [code] = (await once(child, "close")) as [number | null];
  process.stdout.write(Buffer.concat(said));
  if (code !== 0) process.stderr.write(`failed: ${command.join(" ")}\n`);
  return code === 0;
}

async function run({ first, tests: [program = "", ...args] }: Plan): Promise<number> {
  const ends = await Promise.all(first.map(succeeds));
  if (ends.includes(false)) return 1;
  const [code] = (await once(spawn(program, args, { stdio: "inherit" }), "close")) as [number | null];
  return code ?? 1;
}

process.exitCode = await run(planFor(process.argv.slice(2)));
