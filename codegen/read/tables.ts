/** Reads the tables under openapi/. Errors name the file, the line and the known members. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { checkBySchema } from "../../src/errors/schema-mistakes.ts";
import { lineOf, type Path } from "./line.ts";

/** An error in a table under openapi/. `message` has a line `file:line: reason` for each fault. */
export class TableError extends Error {}

/** The schemas of a folder's tables, by file name. */
export type Forms = Readonly<Record<string, z.ZodType>>;

/** A function that reads a table of the folder by its file name and checks it by its schema. */
export function readerOf<F extends Forms>(folder: string, forms: F) {
  return <Name extends keyof F & string>(name: Name) =>
    readTable(join(folder, name), forms[name] as z.ZodType) as Promise<z.output<F[Name]>>;
}

/** The content of a table, checked by `shape`. An empty file is an empty table. Throws TableError. */
export async function readTable<T>(path: string, shape: z.ZodType<T>): Promise<T> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new TableError(`${path}: cannot be read (${cause.code ?? cause.message})`);
  });
  return parseTable(text, path, shape);
}

export function parseTable<T>(text: string, path: string, shape: z.ZodType<T>): T {
  const lines = new LineCounter();
  const tree = parseDocument(text, { lineCounter: lines });
  if (tree.errors.length > 0) {
    const faults = tree.errors.map(
      (error) => `${path}:${lines.linePos(error.pos[0]).line}: ${error.message.split("\n")[0]}`,
    );
    throw new TableError(faults.join("\n"));
  }
  const { value, mistakes } = checkBySchema(shape, tree.toJS({ maxAliasCount: -1 }) ?? {});
  if (mistakes === undefined) return value;
  const faults = mistakes.map((mistake) => {
    const at = mistake.path as Path;
    return `${path}:${lineOf(tree, lines, at)}: ${at.length > 0 ? `${at.join(" › ")}: ` : ""}${mistake.text}`;
  });
  throw new TableError(faults.join("\n"));
}
