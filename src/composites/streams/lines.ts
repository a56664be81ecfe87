/** Splits a stream of text into lines, in linear time also for long lines. */
import { BOUNDS, bytesInWords } from "../../errors/bounds.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";

/** Takes text in chunks and yields the lines that end in each: at LF, CRLF or CR. */
class LineSplitter {
  #pieces: string[] = [];
  #length = 0;
  /** The last character was a CR, so a LF at the start of the next chunk belongs to it. */
  #afterReturn = false;

  *add(text: string): Generator<string> {
    let start = this.#afterReturn && text.startsWith("\n") ? 1 : 0;
    if (text !== "") this.#afterReturn = false;
    const ending = /[\r\n]/g;
    ending.lastIndex = start;
    for (let match = ending.exec(text); match !== null; match = ending.exec(text)) {
      this.#hold(text.slice(start, match.index));
      yield this.takeRest();
      const isReturn = match[0] === "\r";
      const isPair = isReturn && text[match.index + 1] === "\n";
      this.#afterReturn = isReturn && match.index + 1 === text.length;
      start = match.index + (isPair ? 2 : 1);
      ending.lastIndex = start;
    }
    this.#hold(text.slice(start));
  }

  /** The text of the unfinished line, which is cleared. */
  takeRest(): string {
    const line = this.#pieces.join("");
    this.#pieces = [];
    this.#length = 0;
    return line;
  }

  #hold(piece: string): void {
    if (piece === "") return;
    this.#length += piece.length;
    if (this.#length > BOUNDS.line)
      throw new PortkeyMcpError("UNREACHABLE", `A line in it is longer than ${bytesInWords(BOUNDS.line)}.`);
    this.#pieces.push(piece);
  }
}

/** The lines of UTF-8 text; text behind the last line break is a line too. Throws where a line is over its bound. */
export async function* readLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  for await (const lines of readLineBatches(body)) yield* lines;
}

/** As `readLines`, in batches by chunk: one asynchronous step for each of a million lines would take a second. */
export async function* readLineBatches(body: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  const splitter = new LineSplitter();
  for await (const chunk of body) yield* splitBatch(splitter, decoder.decode(chunk, { stream: true }));
  yield* splitBatch(splitter, decoder.decode());
  const rest = splitter.takeRest();
  if (rest !== "") yield [rest];
}

/** The lines that end in `text`. Where one is too long, the lines before it are yielded before the error. */
function* splitBatch(splitter: LineSplitter, text: string): Generator<readonly string[]> {
  const lines: string[] = [];
  try {
    for (const line of splitter.add(text)) lines.push(line);
  } finally {
    if (lines.length > 0) yield lines;
  }
}
