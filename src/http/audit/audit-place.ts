/**
 * One place of the audit, and its lines: none is lost in silence. What a place does not take is counted, and a line in
 * its stead says how many, as soon as there is room.
 */
import type { AuditEntry } from "./audit-entry.ts";
import { chainedLines, plainLines, type AuditLines } from "./chained-lines.ts";
import type { ChainKey } from "./chain.ts";

/** Where lines go. */
export interface PlaceSink {
  write(line: string, entry: AuditEntry): boolean;
  waiting(): boolean;
  reopen?(): void;
  /** Delivers what waits, within bounds; absent: nothing waits. */
  flush?(): Promise<void>;
  close(): void | Promise<void>;
}

export interface PlaceOptions {
  readonly name: string;
  /** The file that a chain goes on in; null: none. */
  readonly file: string | null;
  /** The chain's key, or null for a chain without; undefined: no chain. */
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
  #untold = 0;

  constructor(sink: PlaceSink, options: PlaceOptions) {
    this.#sink = sink;
    this.#options = options;
    this.name = options.name;
    this.#lines = options.chain === undefined ? plainLines : chainedLines(options.file, options.chain);
    const { opening } = this.#lines;
    if (opening === null) return;
    // What was cut off stays a line of its own.
    this.#write({ kind: "chain_started", time: new Date(), facts: { why: opening.why } }, opening.before);
  }

  record(entry: AuditEntry): void {
    if (this.#tellLost() && this.#write(entry)) return;
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
    this.#untold += count;
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

  /** Whether all losses are told. */
  #tellLost(): boolean {
    if (this.#untold === 0) return true;
    const told = this.#write({ kind: "lines_lost", time: new Date(), facts: { lost: this.#untold } });
    if (told) this.#untold = 0;
    return told;
  }

  #write(entry: AuditEntry, before = ""): boolean {
    const { line, taken } = this.#lines.next(this.#options.format(entry));
    const written = this.#sink.write(before + line, entry);
    if (written) taken();
    return written;
  }
}
