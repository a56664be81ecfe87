/** Measures the installation: size, number of packages, and time. */
import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { startChild } from "./child.ts";
import { Samples, type Figure, type Measure } from "./figure.ts";
import type { Installed } from "./packages.ts";
import { rounds } from "./rounds.ts";
import type { Bench } from "./section-context.ts";
import { listAllTools, StdioClient } from "./stdio-client.ts";

const MEASURES = {
  packed: {
    id: "install.packed",
    name: "tarball",
    unit: "MB",
    how: "`npm pack`, the package alone.",
  },
  unpacked: {
    id: "install.unpacked",
    name: "tarball, unpacked",
    unit: "MB",
    how: "as npm pack tells it.",
  },
  files: {
    id: "install.files",
    name: "files in it",
    unit: "count",
    how: "as npm pack tells it.",
  },
  packages: {
    id: "install.packages",
    name: "packages installed",
    unit: "count",
    how: "entries of npm's lock after installing the tarball into an empty folder.",
  },
  cold: {
    id: "install.cold",
    name: "cold npx to tools/list",
    unit: "s",
    how:
      "npx of the local tarball with an empty cache, from the spawn to the last byte of tools/list; dependencies " +
      "come over the network.",
  },
  warm: {
    id: "install.warm",
    name: "npx again to tools/list",
    unit: "s",
    how: "the same with the cache that run left.",
  },
} as const satisfies Record<string, Measure>;

export async function benchInstall({ workspace, packages }: Bench): Promise<Figure[]> {
  const { ours, baseline } = await packages();
  const [cold, warm] = [new Samples(), new Samples()];
  workspace.say("running both through npx with an empty cache, in turns");
  const contenders = [
    { who: "ours", installed: ours },
    { who: "baseline", installed: baseline },
  ] as const;
  await rounds(workspace.quick ? 1 : 3, contenders, async ({ who, installed }, round) => {
    const cache = join(workspace.folder, `cache-${who}-${round}`);
    await mkdir(cache);
    cold.add(who, await startThroughNpx(installed, cache));
    warm.add(who, await startThroughNpx(installed, cache));
  });
  const both = (pick: (installed: Installed) => number) => ({ ours: [pick(ours)], baseline: [pick(baseline)] });
  return [
    { ...MEASURES.packed, samples: both(({ packedBytes }) => packedBytes / 1e6) },
    { ...MEASURES.unpacked, samples: both(({ unpackedBytes }) => unpackedBytes / 1e6) },
    { ...MEASURES.files, samples: both(({ files }) => files) },
    { ...MEASURES.packages, samples: both(({ packages }) => packages) },
    { ...MEASURES.cold, samples: cold.all },
    { ...MEASURES.warm, samples: warm.all },
    ...(await bundleSizes(ours)),
  ];
}

async function startThroughNpx({ tarball }: Installed, cache: string): Promise<number> {
  const started = performance.now();
  const child = startChild({
    command: "npx",
    args: ["--yes", "--package", tarball, "portkey-admin-mcp"],
    cwd: cache,
    complaintsFile: join(cache, "stderr"),
    env: {
      ...(process.env as Record<string, string>),
      npm_config_cache: cache,
      npm_config_update_notifier: "false",
      PORTKEY_API_KEY: "bench",
    },
  });
  const client = new StdioClient(child);
  await client.open();
  await listAllTools(client);
  const seconds = (performance.now() - started) / 1000;
  // The server ends with its input, and npx with the server.
  child.process.stdin.end();
  await child.ended;
  return seconds;
}

/** The size of the code that each command loads at its start: its file and the static imports. */
async function bundleSizes({ folder }: Installed): Promise<Figure[]> {
  const build = join(folder, "build");
  const figures: Figure[] = [];
  for (const entry of (await readdir(build)).filter((name) => name.endsWith(".js"))) {
    const files = await staticImports(build, entry);
    const bytes = await Promise.all(files.map((file) => stat(file).then(({ size }) => size)));
    const zipped = gzipSync(Buffer.concat(await Promise.all(files.map((file) => readFile(file))))).length;
    const total = bytes.reduce((sum, size) => sum + size, 0);
    figures.push({
      id: `install.bundle.${entry}`,
      name: `${entry} with its static imports`,
      unit: "kB",
      samples: { ours: [total / 1000] },
      how: `${files.length} files, ${Math.round(zipped / 1000)} kB gzipped; what a command loads later is not in it.`,
    });
  }
  return figures;
}

async function staticImports(folder: string, entry: string): Promise<string[]> {
  const found = new Set<string>();
  const follow = async (file: string): Promise<void> => {
    if (found.has(file)) return;
    found.add(file);
    const text = await readFile(file, "utf8");
    const imports = [...text.matchAll(/(?:\bfrom|\bimport)\s?"(\.{1,2}\/[^"]+)"/g)];
    for (const [, path] of imports) await follow(join(file, "..", path as string));
  };
  await follow(join(folder, entry));
  return [...found];
}
