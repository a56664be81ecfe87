/**
 * Reads the files that settings name. A pipe, as shells and secret managers hand secrets on, can be read once only:
 * what it held then is kept for every later reader.
 */
import { readFileSync, statSync } from "node:fs";

const pipes = new Map<string, string>();

/** Throws as Node does. Of a pipe, it waits for whoever writes to it. */
export function readTextFile(path: string): string {
  if (!isPipe(path)) return readFileSync(path, "utf8");
  const kept = pipes.get(path);
  if (kept !== undefined) return kept;
  const text = readFileSync(path, "utf8");
  pipes.set(path, text);
  return text;
}

/** Whether reading would wait for somebody to write, which a server that runs cannot. */
export function wouldWait(path: string): boolean {
  return isPipe(path) && !pipes.has(path);
}

function isPipe(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFIFO() === true;
}
