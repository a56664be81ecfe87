/** The editions of the API: each folder of openapi/ that has a selection.yaml. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { TableError } from "./read/tables.ts";

/** The default edition of the commands. Rows of the shared tables that it has no operation for are reported. */
export const mainEdition = "portkey";

/** The names of all editions, sorted. */
export async function editionsIn(openapi: string): Promise<string[]> {
  const entries = await readdir(openapi, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(join(openapi, entry.name, "selection.yaml")))
    .map(({ name }) => name)
    .sort();
}

/** Throws TableError, with the known editions, if `edition` is not one of them. */
export async function requireEdition(openapi: string, edition: string): Promise<void> {
  const editions = await editionsIn(openapi);
  if (!editions.includes(edition))
    throw new TableError(`${openapi}: no edition is called ${edition}; there are ${editions.join(", ")}`);
}
