/**
 * `npm run snapshots`: writes test/snapshots/<tool>.json for every tool as it is listed now, and deletes those of tools
 * that are gone.
 */
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { everyTool } from "../test/generated/listing.ts";

const folder = fileURLToPath(new URL("../test/snapshots", import.meta.url));
await mkdir(folder, { recursive: true });
const names = new Set(everyTool.map(({ name }) => `${name}.json`));
for (const file of await readdir(folder)) if (!names.has(file)) await rm(join(folder, file));
for (const { name, title, description, inputSchema, annotations } of everyTool) {
  await writeFile(
    join(folder, `${name}.json`),
    `${JSON.stringify({ name, title, description, inputSchema, annotations }, null, 2)}\n`,
  );
}
process.stdout.write(`${everyTool.length} snapshots in test/snapshots\n`);
