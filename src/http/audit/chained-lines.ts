/** The lines of one place of the audit, as text: plain, or each a link of the place's chain. */
import { spellUnseen } from "../../log/spell-unseen.ts";
import { readLine, sealLine, CHAIN_START, type ChainKey, type ChainLink } from "./chain.ts";
import { endOfFile } from "./last-line.ts";

type AuditRecord = Readonly<Record<string, unknown>>;

export interface AuditLines {
  /** The record as a line with its break. It counts once `taken` is called: a line that was lost has no number. */
  next(record: AuditRecord): { readonly line: string; taken(): void };
  /** What to write before the first line; null: the chain goes on where it ended. */
  readonly opening: { readonly before: string; readonly why: string } | null;
}

/** Lines without a chain. */
export const plainLines: AuditLines = {
  next: (record) => ({ line: `${spellUnseen(JSON.stringify(record))}\n`, taken: () => undefined }),
  opening: null,
};

/** Lines that go on the chain at the end of `file`, or begin one; `file` is null for what cannot be read again. */
export function chainedLines(file: string | null, key: ChainKey): AuditLines {
  const found = file === null ? { why: "a new stream", before: "" } : endOfChain(file, key);
  let last: ChainLink = "link" in found ? found.link : CHAIN_START;
  return {
    next(record) {
      const { line, link } = sealLine(record, last, key);
      return {
        line: `${line}\n`,
        taken: () => {
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
