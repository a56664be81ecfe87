/**
 * `npm run bench [-- section …] [--quick] [--json] [--document <file|url>]`: measures this project beside the published
 * baseline and bare Fastify. The table goes to stdout, and with every sample to build/bench/; progress goes to stderr.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { requireArguments } from "../codegen/read-arguments.ts";
import type { Figure } from "./bench/figure.ts";
import { GOALS } from "./bench/goals.ts";
import { installPackages, type Packages } from "./bench/packages.ts";
import { markdown, type Surroundings } from "./bench/report.ts";
import type { Bench } from "./bench/section-context.ts";
import { SECTIONS } from "./bench/sections.ts";
import { openBenchWorkspace } from "./bench/workspace.ts";

const RESULTS = new URL("../build/bench/", import.meta.url);

const { values, positionals } = requireArguments({
  help: `usage: npm run bench [-- <section> …] [options]

Measures this project beside the published baseline and bare Fastify. Sections: ${Object.keys(SECTIONS).join(", ")}.

  --quick                few samples
  --json                 print the figures as JSON
  --document <file|url>  the document that is imported
`,
  most: Infinity,
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    document: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  process.stdout.write(`usage: npm run bench [-- section …] [--quick] [--json] [--document <file|url>]

Measures this project beside the published baseline and bare Fastify; each edition has figures of its own.

  section        ${Object.keys(SECTIONS).join(", ")}; all of them without one
  --quick        fewer samples
  --json         the figures with every sample, as JSON
  --document     what section regenerate imports, instead of the project's own facts
`);
  process.exit(0);
}
const unknown = positionals.filter((name) => !Object.hasOwn(SECTIONS, name));
if (unknown.length > 0) {
  process.stderr.write(`There is no section ${unknown.join(", ")}. There are ${Object.keys(SECTIONS).join(", ")}.\n`);
  process.exit(2);
}

const load = (): number => loadavg()[0] as number;
const before = load();
const workspace = await openBenchWorkspace(values.quick, (line) => process.stderr.write(`${line}\n`));
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void workspace.close().then(() => process.exit(130)));

let packages: Promise<Packages> | undefined;
const bench: Bench = {
  workspace,
  packages: () => (packages ??= installPackages(workspace)),
  ...(values.document !== undefined && { document: values.document }),
};
const figures: Figure[] = [];
try {
  for (const [name, section] of Object.entries(SECTIONS)) {
    if (positionals.length === 0 || positionals.includes(name)) figures.push(...(await section(bench)));
  }
} finally {
  await workspace.close();
}

const [cpu] = cpus();
const around: Surroundings = {
  node: process.version,
  cores: cpus().length,
  cpu: cpu?.model.trim() ?? "unknown",
  load: [before, load()],
  quick: values.quick,
};
const table = markdown(figures, around);
const json = `${JSON.stringify({ ...around, goals: GOALS, figures }, null, 2)}\n`;
const name = positionals.length === 0 ? "all" : positionals.join("-");
await mkdir(RESULTS, { recursive: true });
await writeFile(new URL(`${name}.md`, RESULTS), table);
await writeFile(new URL(`${name}.json`, RESULTS), json);
process.stdout.write(values.json ? json : table);
process.exit();
