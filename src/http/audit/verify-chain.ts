/** Reads audit files, oldest first, and finds where their chain is broken. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { CHAIN_START, readLine, type ChainKey, type ChainLink } from "./chain.ts";

export interface Verdict {
  /** The first line that was changed, or does not continue the previous one. */
  readonly broken?: { readonly file: string; readonly line: number; readonly why: string };
  /** Further facts: where chains begin, and which lines have none. */
  readonly notes: readonly string[];
  /** How many lines of the chain are right, up to the first broken one. */
  readonly lines: number;
}

/** Throws where a file cannot be read. */
export async function verifyFiles(files: readonly string[], key: ChainKey): Promise<Verdict> {
  const chain = new ChainReader(key);
  for (const file of files) {
    let number = 0;
    const input = createReadStream(file, "utf8");
    for await (const line of createInterface({ input, crlfDelay: 0 })) {
      number += 1;
      const why = chain.read(line, `${file}, line ${number}`);
      if (why !== undefined) {
        input.destroy();
        return { broken: { file, line: number, why }, notes: chain.notes, lines: chain.lines };
      }
    }
  }
  chain.end();
  return { notes: chain.notes, lines: chain.lines };
}

class ChainReader {
  readonly notes: string[] = [];
  lines = 0;
  #unchained = 0;
  #last: ChainLink | undefined;
  readonly #key: ChainKey;

  constructor(key: ChainKey) {
    this.#key = key;
  }

  /** What is wrong with the line; undefined: nothing. */
  read(line: string, place: string): string | undefined {
    const read = readLine(line, this.#key);
    if (typeof read === "string") return read;
    if (read === undefined) {
      if (this.#last !== undefined) return "it carries no chain, unlike those before it";
      this.#unchained += 1;
      return undefined;
    }
    if (!read.right) return "its hash does not fit: it was changed, or the key is another";
    const begins = read.link.seq === 1 && read.prev === CHAIN_START.hash;
    const why = begins ? undefined : this.#mismatch(read.link, read.prev);
    if (why !== undefined) return why;
    if (begins) this.notes.push(`${place}: a chain begins${this.#last === undefined ? "" : " anew"}.`);
    else if (this.#last === undefined)
      this.notes.push(`${place}: the chain goes on from line ${read.link.seq - 1} of an earlier file, not given here.`);
    this.#last = read.link;
    this.lines += 1;
    return undefined;
  }

  end(): void {
    if (this.#unchained > 0)
      this.notes.push(`${this.#unchained} lines before the chain carry none: nothing holds them.`);
  }

  #mismatch({ seq }: ChainLink, prev: string): string | undefined {
    const last = this.#last;
    if (last === undefined) return undefined;
    if (seq !== last.seq + 1) {
      const missing = seq - last.seq - 1;
      return missing > 0 ? `${missing} lines before it are missing` : `it is number ${seq}, after number ${last.seq}`;
    }
    return prev === last.hash ? undefined : "it follows another line than the one before it";
  }
}
