/** Checks that the references in the project's tables have a target. */
import { readFile } from "node:fs/promises";
import { lookUp, type Document } from "../document.ts";
import { TableError } from "../tables.ts";

/** Throws TableError, with file and line, if `table` (the file `path`) has a `$ref` that no document resolves. */
export async function requireReferences(path: string, table: Document, documents: readonly Document[]): Promise<void> {
  const isKnown = (pointer: string) => documents.some((document) => lookUp(document, pointer) !== undefined);
  const dangling = [...new Set(pointersIn(table))].filter((pointer) => !isKnown(pointer));
  if (dangling.length === 0) return;
  const lines = (await readFile(path, "utf8")).split("\n");
  const faults = dangling.map((pointer) => {
    const line = lines.findIndex((text) => text.includes(pointer)) + 1;
    return `${path}:${Math.max(line, 1)}: $ref ${pointer} points nowhere`;
  });
  throw new TableError(faults.join("\n"));
}

function pointersIn(node: unknown): string[] {
  if (node === null || typeof node !== "object") return [];
  return Object.entries(node).flatMap(([name, value]) =>
    name === "$ref" && typeof value === "string" ? [value] : pointersIn(value),
  );
}
