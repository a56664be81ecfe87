/**
 * Reads the files that settings name. A pipe, by which shells and secret managers pass secrets, can be read only once:
 * its content is kept for later reads.
 */
import { readFileSync, statSync } from "node:fs";

const pipes = new Map<string, string>();

/** Throws Node's errors. For a pipe it blocks until that has been written. */
export function readTextFile(path: string): string {
  if (!isPipe(path)) return readFileSync(path, "utf8");
  const kept = pipes.get(path);
  if (kept !== undefined) return kept;
  const text = readFileSync(path, "utf8");
  pipes.set(path, text);
  return text;
}

/** Whether reading would block until somebody writes, which a running server must not do. */
export function wouldWait(path: string): boolean {
  return isPipe(path) && !pipes.has(path);
}

function isPipe(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFIFO() === true;
}
