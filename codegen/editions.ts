/** The editions of the API: each folder of openapi/ with a selection of its own. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { TableError } from "./read/tables.ts";

/** The edition that commands mean where they name none; the shared tables are its own. */
export const mainEdition = "portkey";

/** Their names, in order. */
export async function editionsIn(openapi: string): Promise<string[]> {
  const entries = await readdir(openapi, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(join(openapi, entry.name, "selection.yaml")))
    .map(({ name }) => name)
    .sort();
}

/** Throws TableError with those that are known. */
export async function requireEdition(openapi: string, edition: string): Promise<void> {
  const editions = await editionsIn(openapi);
  if (!editions.includes(edition))
    throw new TableError(`${openapi}: no edition is called ${edition}; there are ${editions.join(", ")}`);
}
