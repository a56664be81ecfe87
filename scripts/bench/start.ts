/** Measures the time from the start to the list of tools, and the memory of the process then. */
import { join } from "node:path";
import { EDITION_NAMES, MAIN_EDITION, type EditionName } from "../../src/catalog/editions.ts";
import { residentBytes } from "./child.ts";
import { suffixOf } from "./edition-suffix.ts";
import { Samples, type Figure, type Measure } from "./figure.ts";
import { rounds } from "./rounds.ts";
import type { Bench } from "./section-context.ts";
import { listAllTools, StdioClient } from "./stdio-client.ts";

const MEASURES = {
  list: {
    id: "start.list",
    name: "start to tools/list, stdio",
    unit: "ms",
    how: "from spawning node with the installed bin to the last byte of tools/list, initialize in between.",
  },
  rss: {
    id: "start.rss",
    name: "memory after tools/list",
    unit: "MB",
    how: "VmRSS of that process when the list has come, in 10⁶ bytes.",
  },
  node: {
    id: "start.node",
    name: "node alone",
    unit: "ms",
    how: "from spawning `node -e 0` to its end, in the same rounds: the part of a start that no server can save.",
  },
} as const satisfies Record<string, Measure>;

export async function benchStart({ workspace, packages }: Bench): Promise<Figure[]> {
  const { ours, baseline } = await packages();
  const [list, rss] = [new Samples(), new Samples()];
  const bare = new Samples();
  const others = EDITION_NAMES.filter((edition) => edition !== MAIN_EDITION).map((edition) => ({
    edition,
    list: new Samples(),
    rss: new Samples(),
  }));
  workspace.say("starting each server over stdio, in turns");
  const contenders = [
    { who: "ours", folder: ours.folder },
    { who: "baseline", folder: baseline.folder },
  ] as const;
  await rounds(workspace.quick ? 3 : 21, contenders, async ({ who, folder }, round) => {
    const { ms, bytes } = await startOnce(workspace, folder, { PORTKEY_API_KEY: "bench" });
    if (who === "ours") bare.add("ours", await bareStart(workspace));
    const started = who === "ours" ? await startEach(workspace, folder, others) : [];
    // The first of each finds cold files.
    if (round === 0) return;
    list.add(who, ms);
    rss.add(who, bytes / 1e6);
    for (const { other, once } of started) {
      other.list.add("ours", once.ms);
      other.rss.add("ours", once.bytes / 1e6);
    }
  });
  return [
    { ...MEASURES.list, samples: list.all },
    { ...MEASURES.rss, samples: rss.all },
    { ...MEASURES.node, samples: bare.all },
    ...others.flatMap((other) => [
      figureOf(MEASURES.list, other.edition, other.list),
      figureOf(MEASURES.rss, other.edition, other.rss),
    ]),
  ];
}

interface Other {
  readonly edition: EditionName;
  readonly list: Samples;
  readonly rss: Samples;
}

/** Settings of an account that nothing is asked with. */
const ACCOUNT = { PRISMA_AIRS_CLIENT_ID: "bench", PRISMA_AIRS_CLIENT_SECRET: "bench-secret", PRISMA_AIRS_TSG_ID: "1" };

async function startEach(workspace: Bench["workspace"], folder: string, others: readonly Other[]) {
  const started: { other: Other; once: { ms: number; bytes: number } }[] = [];
  for (const other of others) {
    const once = await startOnce(workspace, folder, { PORTKEY_EDITION: other.edition, ...ACCOUNT });
    started.push({ other, once });
  }
  return started;
}

async function startOnce(
  workspace: Bench["workspace"],
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<{ ms: number; bytes: number }> {
  const started = performance.now();
  const child = workspace.start({ args: [join(folder, "build/index.js")], env });
  const client = new StdioClient(child);
  await client.open();
  await listAllTools(client);
  const ms = performance.now() - started;
  const bytes = await residentBytes(child.process.pid as number);
  await child.stop();
  return { ms, bytes };
}

function figureOf(measure: Measure, edition: EditionName, { all }: Samples): Figure {
  return { ...measure, id: measure.id + suffixOf(edition), name: `${measure.name}, ${edition}`, samples: all };
}

async function bareStart(workspace: Bench["workspace"]): Promise<number> {
  const started = performance.now();
  await workspace.start({ args: ["-e", "0"] }).ended;
  return performance.now() - started;
}
