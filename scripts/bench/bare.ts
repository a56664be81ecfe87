/** Starts bare Fastify as a contender of the benchmarks. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { script, type Child } from "./child.ts";
import { firstLine } from "./first-line.ts";
import type { BenchWorkspace } from "./workspace.ts";

/** Starts one that sends `lists` on `/list/legacy` and `/list/modern`, and asks `upstream` on `/call`. */
export async function startBare(
  workspace: BenchWorkspace,
  upstream: string,
  lists = { legacy: "", modern: "" },
): Promise<{ readonly origin: string; readonly child: Child }> {
  const files = [];
  for (const [era, text] of Object.entries(lists)) {
    const file = join(workspace.folder, `list-${era}.json`);
    await writeFile(file, text);
    files.push(file);
  }
  const child = workspace.start({ args: [...script("bare-worker.ts"), ...files, upstream], probed: true });
  return { origin: `http://127.0.0.1:${await firstLine(child)}`, child };
}
