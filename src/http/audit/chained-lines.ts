/** Makes the lines of one place of the audit: plain, or with a chain. */
import { spellUnseen } from "../../log/spell-unseen.ts";
import { readLine, sealLine, CHAIN_START, type ChainKey, type ChainLink } from "./chain.ts";
import { endOfFile } from "./last-line.ts";

type AuditRecord = Readonly<Record<string, unknown>>;

export interface AuditLines {
  /**
   * The record as a line with its line break. Call `commit` once the line was written: the next line then continues
   * it. A line that was not written leaves no gap in the chain.
   */
  next(record: AuditRecord): { readonly line: string; commit(): void };
  /** Why a new chain begins, and what to write before it; null: none begins. */
  readonly opening: { readonly before: string; readonly why: string } | null;
}

/** Lines without a chain. */
export const plainLines: AuditLines = {
  next: (record) => ({ line: `${spellUnseen(JSON.stringify(record))}\n`, commit: () => undefined }),
  opening: null,
};

/** Lines that continue the chain at the end of `file`, or begin a new one; `file` is null for a place that is none. */
export function createChainedLines(file: string | null, key: ChainKey): AuditLines {
  const found = file === null ? { why: "a new stream", before: "" } : endOfChain(file, key);
  let last: ChainLink = "link" in found ? found.link : CHAIN_START;
  return {
    next(record) {
      const { line, link } = sealLine(record, last, key);
      return {
        line: `${line}\n`,
        commit: () => {
          last = link;
        },
      };
    },
    opening: "link" in found ? null : found,
  };
}

function endOfChain(
  file: string,
  key: ChainKey,
): { readonly link: ChainLink } | { readonly before: string; readonly why: string } {
  const { line, torn } = endOfFile(file);
  if (torn) return { before: "\n", why: "the last line before it is incomplete" };
  if (line === undefined) return { before: "", why: "a new file" };
  const read = readLine(line, key);
  if (read === undefined) return { before: "", why: "the lines before it carry no chain" };
  if (typeof read === "string") return { before: "", why: `of the line before it, ${read}` };
  return read.right ? { link: read.link } : { before: "", why: "the line before it has another key, or was changed" };
}
