/** `npm run generate [-- --check]`: openapi/ in, generated/ out. --check writes nothing and fails on a difference. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { readCuration, withMoves } from "./read/curation.ts";
import type { Document } from "./read/document.ts";
import { emitAll, staleFiles, writeFolder } from "./emit/emit.ts";
import type { Overlay } from "./read/overlay.ts";
import { updateReadme } from "./emit/readme.ts";
import { generateTools } from "./derive/records.ts";
import type { Selection } from "./read/select.ts";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Everything the two commands read from openapi/, the document excepted. */
export async function readInputs(openapi: string) {
  const yaml = async <T>(name: string) =>
    parse(await readFile(join(openapi, name), "utf8"), { maxAliasCount: -1 }) as T;
  const moves = (await yaml<Record<string, string> | null>("moves.yaml").catch(() => null)) ?? {};
  return {
    facts: await yaml<Document>("portkey.yaml"),
    drafts: await yaml<Document>("drafts.yaml"),
    overlay: await yaml<Overlay>("overlay.yaml"),
    selection: await yaml<Selection>("selection.yaml"),
    moves,
    curation: await readCuration(openapi),
  };
}

async function main(): Promise<number> {
  const openapi = join(root, "openapi");
  const folder = join(root, "generated");
  const readme = join(root, "README.md");
  const inputs = await readInputs(openapi);
  const generated = generateTools(inputs.facts, withMoves(inputs.curation, inputs.moves));
  const files = await emitAll(inputs.facts, generated.tools);
  if (process.argv.includes("--check")) {
    const stale = await staleFiles(folder, files);
    if (await updateReadme(readme, generated.tools, true)) stale.push("README.md");
    if (stale.length > 0) process.stderr.write(`stale, run npm run generate: ${stale.join(", ")}\n`);
    return stale.length > 0 ? 1 : 0;
  }
  await writeFolder(folder, files);
  await updateReadme(readme, generated.tools, false);
  process.stdout.write(`${generated.tools.length} tools\n`);
  for (const at of generated.toCurate) process.stdout.write(`to curate: ${at}\n`);
  for (const row of generated.gone) process.stdout.write(`removed upstream: ${row}\n`);
  for (const row of generated.unserved) process.stdout.write(`not served: ${row}\n`);
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();
