/**
 * One place that the audit is written to. Lines that it does not take are counted, and a later line says how many were
 * lost.
 */
import type { AuditEntry } from "./audit-entry.ts";
import { createChainedLines, plainLines, type AuditLines } from "./chained-lines.ts";
import type { ChainKey } from "./chain.ts";

/** Writes the lines of a place. */
export interface PlaceSink {
  /** False: the line was not taken. */
  write(line: string, entry: AuditEntry): boolean;
  /** Whether lines wait because they cannot be written. */
  waiting(): boolean;
  reopen?(): void;
  /** Delivers buffered lines, within a time limit; absent: nothing is buffered. */
  flush?(): Promise<void>;
  close(): void | Promise<void>;
}

export interface PlaceOptions {
  readonly name: string;
  /** The file whose chain is continued; null: the place is no file. */
  readonly file: string | null;
  /** The chain's key; null: a chain without a key; undefined: no chain. */
  readonly chain: ChainKey | undefined;
  readonly format: (entry: AuditEntry) => Readonly<Record<string, unknown>>;
  readonly warn: ((message: string) => void) | undefined;
}

export class AuditPlace {
  readonly name: string;
  readonly #sink: PlaceSink;
  readonly #options: PlaceOptions;
  readonly #lines: AuditLines;
  #lost = 0;
  /** Lost lines that no line has reported yet. */
  #unreported = 0;

  constructor(sink: PlaceSink, options: PlaceOptions) {
    this.#sink = sink;
    this.#options = options;
    this.name = options.name;
    this.#lines = options.chain === undefined ? plainLines : createChainedLines(options.file, options.chain);
    const { opening } = this.#lines;
    if (opening === null) return;
    // `before` ends a line that was cut off.
    this.#write({ kind: "chain_started", time: new Date(), facts: { why: opening.why } }, opening.before);
  }

  record(entry: AuditEntry): void {
    if (this.#reportLost() && this.#write(entry)) return;
    if (this.#lost === 0) this.#options.warn?.(`The audit's lines are lost: ${this.name} does not take them.`);
    this.lose(1);
  }

  waiting(): boolean {
    return this.#sink.waiting();
  }

  lost(): number {
    return this.#lost;
  }

  lose(count: number): void {
    this.#lost += count;
    this.#unreported += count;
  }

  reopen(): void {
    try {
      this.#sink.reopen?.();
    } catch (error) {
      this.#options.warn?.(`The audit could not open ${this.name} again: ${(error as Error).message}`);
    }
  }

  async flush(): Promise<void> {
    await this.#sink.flush?.();
  }

  async close(): Promise<void> {
    await this.#sink.close();
  }

  /** Writes a line about lost lines. Whether all have been reported. */
  #reportLost(): boolean {
    if (this.#unreported === 0) return true;
    const written = this.#write({ kind: "lines_lost", time: new Date(), facts: { lost: this.#unreported } });
    if (written) this.#unreported = 0;
    return written;
  }

  #write(entry: AuditEntry, before = ""): boolean {
    const { line, commit } = this.#lines.next(this.#options.format(entry));
    const written = this.#sink.write(before + line, entry);
    if (written) commit();
    return written;
  }
}
