/** Reads our own tables under openapi/. A mistake in one ends with file, line and what is known there. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { checkBySchema } from "../../src/errors/schema-mistakes.ts";
import { lineOf, type Path } from "./line.ts";

/** A mistake in a table of ours. `message` is `file:line: reason`, one line for each. */
export class TableError extends Error {}

/** What each table of a folder may hold, by its file's name. */
export type Forms = Readonly<Record<string, z.ZodType>>;

/** Reads tables of a folder by their names, each in its form. */
export function readerOf<F extends Forms>(folder: string, forms: F) {
  return <Name extends keyof F & string>(name: Name) =>
    readTable(join(folder, name), forms[name] as z.ZodType) as Promise<z.output<F[Name]>>;
}

/** The table's content, checked by `shape`. An empty file is an empty table. */
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
