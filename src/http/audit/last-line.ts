/** Reads the last line of an audit file, so that its chain can be continued. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const STEP = 65_536;
/** Bytes; the audit writes no longer lines. */
const LONGEST = 4_194_304;

export interface FileEnd {
  /** The last line that ends with a line break; undefined: there is none. */
  readonly line: string | undefined;
  /** Whether text follows it: a line that was cut off. */
  readonly torn: boolean;
}

/** Without a line for what is no regular file, or does not exist. Throws where the file cannot be read. */
export function endOfFile(path: string): FileEnd {
  const nothing = { line: undefined, torn: false };
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return nothing;
    throw error;
  }
  try {
    const state = fstatSync(fd);
    return state.isFile() && state.size > 0 ? readEnd(fd, state.size) : nothing;
  } finally {
    closeSync(fd);
  }
}

function readEnd(fd: number, size: number): FileEnd {
  let tail = Buffer.alloc(0);
  for (let at = size; at > 0 && tail.length < LONGEST;) {
    const length = Math.min(STEP, at);
    const part = Buffer.alloc(length);
    at -= length;
    readSync(fd, part, 0, length, at);
    tail = Buffer.concat([part, tail]);
    const lines = tail.toString("utf8").split("\n");
    // The first of the lines may begin before the part that was read.
    if (lines.length > 2 || at === 0)
      return { line: lines.length > 1 ? lines.at(-2) : undefined, torn: lines.at(-1) !== "" };
  }
  return { line: undefined, torn: true };
}
