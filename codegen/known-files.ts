/** Finds tables under openapi/ that nothing reads. Most likely their names are misspelt. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { TableError } from "./read/tables.ts";
import { editionTables, sharedTables, tableFolders } from "./table-forms.ts";

/** Throws TableError for each table that nothing reads, with the names that are read in its folder. */
export async function requireKnownFiles(openapi: string, edition: string): Promise<void> {
  const own = join(openapi, edition);
  const faults = [
    ...(await strangers(openapi, isOf(sharedTables), Object.keys(sharedTables).join(", "))),
    ...(await strangers(own, isOf(editionTables), Object.keys(editionTables).join(", "))),
  ];
  for (const folder of [openapi, own].flatMap((above) => tableFolders.map((name) => join(above, name))))
    faults.push(...(await strangers(folder, (name) => name.endsWith(".yaml"), "files that end in .yaml")));
  if (faults.length > 0) throw new TableError(faults.join("\n"));
}

const isOf = (tables: object) => (name: string) => Object.hasOwn(tables, name);

const isTable = (name: string) => !name.startsWith(".") && [".yaml", ".yml", ".json"].includes(extname(name));

async function strangers(folder: string, isRead: (name: string) => boolean, known: string): Promise<string[]> {
  const names = existsSync(folder) ? await readdir(folder) : [];
  return names
    .filter((name) => isTable(name) && !isRead(name))
    .sort()
    .map((name) => `${join(folder, name)}: is read by nothing; read are ${known}`);
}
