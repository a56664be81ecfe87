/** Reads our own tables under openapi/. A mistake in one ends with file, line and what is known there. */
import { readFile } from "node:fs/promises";
import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { lineOf, type Path } from "./line.ts";

/** A mistake in a table of ours. `message` is `file:line: reason`, one line for each. */
export class TableError extends Error {}

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
  const result = shape.safeParse(tree.toJS({ maxAliasCount: -1 }) ?? {});
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => {
    const at = issue.path as Path;
    const place = issue.code === "unrecognized_keys" ? [...at, issue.keys[0] as string] : at;
    return `${path}:${lineOf(tree, lines, place)}: ${at.length > 0 ? `${at.join(" › ")}: ` : ""}${issue.message}`;
  });
  throw new TableError(faults.join("\n"));
}

/** An object of these members only; another one is told with those that are known. */
export function known<T extends z.ZodRawShape>(shape: T) {
  const names = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `${(issue as { keys?: string[] }).keys?.join(", ") ?? ""} is unknown here; known are ${names}`
        : undefined,
  });
}
