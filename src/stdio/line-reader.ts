/**
 * Splits a byte stream into lines of limited length. A longer line is skipped, except for its first and last bytes,
 * which may hold the request's id.
 */
import { SmallPieces } from "../errors/small-pieces.ts";

/** A line without its line break, or the two ends of one that was too long. */
export type Line =
  | { readonly kind: "line"; readonly bytes: Buffer }
  | { readonly kind: "too-long"; readonly length: number; readonly head: Buffer; readonly tail: Buffer };

/** How much of each end is kept: enough to find an id before or after the parameters. */
const EDGE_BYTES = 512;
const NEWLINE = 0x0a;

export class LineReader {
  #parts: Buffer[] = [];
  #pieces = new SmallPieces();
  #length = 0;
  #head: Buffer | undefined;
  readonly #maxBytes: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that `chunk` completes. */
  push(chunk: Buffer): Line[] {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#take(chunk.subarray(start, end));
      lines.push(this.#finish());
      start = end + 1;
    }
    if (start < chunk.length) this.#take(chunk.subarray(start));
    return lines;
  }

  /** The rest after the last line break, when the stream has ended; undefined where it is empty. */
  end(): Line | undefined {
    return this.#length === 0 ? undefined : this.#finish();
  }

  #take(part: Buffer): void {
    this.#length += part.length;
    if (this.#head !== undefined) {
      this.#parts = [this.#tailWith(part)];
      return;
    }
    for (const piece of this.#pieces.add(part)) this.#parts.push(piece);
    if (this.#length <= this.#maxBytes) return;
    const bytes = Buffer.concat([...this.#parts, ...this.#pieces.rest()]);
    this.#head = Buffer.from(bytes.subarray(0, EDGE_BYTES));
    this.#parts = [Buffer.from(bytes.subarray(-EDGE_BYTES))];
  }

  /** The last bytes of a line that is too long; of a large part no more than those is copied. */
  #tailWith(part: Buffer): Buffer {
    const end = part.subarray(-EDGE_BYTES);
    return Buffer.concat([...this.#parts, end]).subarray(-EDGE_BYTES);
  }

  #finish(): Line {
    const bytes = Buffer.concat([...this.#parts, ...this.#pieces.rest()]);
    const line: Line =
      this.#head === undefined
        ? { kind: "line", bytes: bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes }
        : { kind: "too-long", length: this.#length, head: this.#head, tail: bytes.subarray(-EDGE_BYTES) };
    this.#parts = [];
    this.#pieces = new SmallPieces();
    this.#length = 0;
    this.#head = undefined;
    return line;
  }
}
