/**
 * `npm run snapshots`: writes test/snapshots/<tool>.json for every tool as it is listed now, and deletes those of tools
 * that are gone. What another edition lists otherwise goes to test/snapshots/<edition>/.
 */
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MAIN_EDITION } from "../src/catalog/editions.ts";
import { everyTool, listings } from "../test/generated/listing.ts";
import { ownSnapshots, snapshotOf, type SnapshotFile } from "../test/generated/snapshot-files.ts";

const folder = fileURLToPath(new URL("../test/snapshots", import.meta.url));
const others = listings.filter(({ edition }) => edition !== MAIN_EDITION);
let written = await writeTo(folder, everyTool.map(snapshotOf));
for (const listing of others) written += await writeTo(join(folder, listing.edition), ownSnapshots(listing));
process.stdout.write(`${written} snapshots in test/snapshots\n`);

async function writeTo(place: string, snapshots: readonly SnapshotFile[]): Promise<number> {
  await mkdir(place, { recursive: true });
  const names = new Set(snapshots.map(({ file }) => file));
  const present = (await readdir(place)).filter((file) => file.endsWith(".json"));
  for (const file of present) if (!names.has(file)) await rm(join(place, file));
  for (const { file, text } of snapshots) await writeFile(join(place, file), text);
  return snapshots.length;
}
