/** How long a client waits for the tools, and what the process then weighs. */
import { join } from "node:path";
import { residentBytes } from "./child.ts";
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
  workspace.say("starting each server over stdio, in turns");
  const contenders = [
    { who: "ours", folder: ours.folder },
    { who: "baseline", folder: baseline.folder },
  ] as const;
  await rounds(workspace.quick ? 3 : 21, contenders, async ({ who, folder }, round) => {
    const started = performance.now();
    const child = workspace.start({ args: [join(folder, "build/index.js")], env: { PORTKEY_API_KEY: "bench" } });
    const client = new StdioClient(child);
    await client.open();
    await listAllTools(client);
    const ms = performance.now() - started;
    const bytes = await residentBytes(child.process.pid as number);
    await child.stop();
    if (who === "ours") bare.add("ours", await bareStart(workspace));
    // The first of each finds cold files.
    if (round === 0) return;
    list.add(who, ms);
    rss.add(who, bytes / 1e6);
  });
  return [
    { ...MEASURES.list, samples: list.all },
    { ...MEASURES.rss, samples: rss.all },
    { ...MEASURES.node, samples: bare.all },
  ];
}

async function bareStart(workspace: Bench["workspace"]): Promise<number> {
  const started = performance.now();
  await workspace.start({ args: ["-e", "0"] }).ended;
  return performance.now() - started;
}
