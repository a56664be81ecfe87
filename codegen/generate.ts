/** `npm run generate [-- --check]`: openapi/ in, generated/ out. With --check nothing is written and a difference fails. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { readCuration } from "./curation.ts";
import type { Document } from "./document.ts";
import { emitAll, staleFiles, writeFolder, type Files } from "./emit.ts";
import { generateTools, type Generated } from "./records.ts";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Tools and files made of the given facts and the curation in `openapi`. */
export async function generate(facts: Document, openapi: string): Promise<{ generated: Generated; files: Files }> {
  const generated = generateTools(facts, await readCuration(openapi));
  return { generated, files: await emitAll(facts, generated.tools) };
}

export async function readFacts(openapi: string): Promise<Document> {
  return parse(await readFile(join(openapi, "portkey.yaml"), "utf8"), { maxAliasCount: -1 }) as Document;
}

async function main(): Promise<number> {
  const openapi = join(root, "openapi");
  const folder = join(root, "generated");
  const { generated, files } = await generate(await readFacts(openapi), openapi);
  if (process.argv.includes("--check")) {
    const stale = await staleFiles(folder, files);
    if (stale.length > 0) process.stderr.write(`generated/ is stale, run npm run generate: ${stale.join(", ")}\n`);
    return stale.length > 0 ? 1 : 0;
  }
  await writeFolder(folder, files);
  process.stdout.write(`${generated.tools.length} tools\n`);
  for (const at of generated.toCurate) process.stdout.write(`to curate: ${at}\n`);
  for (const row of generated.gone) process.stdout.write(`removed upstream: ${row}\n`);
  for (const row of generated.unserved) process.stdout.write(`not served: ${row}\n`);
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();
