/** The lines of a text that comes in pieces; each character is looked at once, however long its line becomes. */
import { BOUNDS, bytesInWords } from "../../errors/bounds.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";

/** Takes text as it comes and gives the lines that end in it, ended by LF, CRLF or CR. */
class LineSplitter {
  #pieces: string[] = [];
  #length = 0;
  /** The last character was a CR, so that a LF right behind it ends no line of its own. */
  #afterReturn = false;

  *add(text: string): Generator<string> {
    let start = this.#afterReturn && text.startsWith("\n") ? 1 : 0;
    if (text !== "") this.#afterReturn = false;
    const ending = /[\r\n]/g;
    ending.lastIndex = start;
    for (let match = ending.exec(text); match !== null; match = ending.exec(text)) {
      this.#hold(text.slice(start, match.index));
      yield this.rest();
      const isReturn = match[0] === "\r";
      const isPair = isReturn && text[match.index + 1] === "\n";
      this.#afterReturn = isReturn && match.index + 1 === text.length;
      start = match.index + (isPair ? 2 : 1);
      ending.lastIndex = start;
    }
    this.#hold(text.slice(start));
  }

  /** What has come of the line that has not ended. */
  rest(): string {
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

/** Lines of UTF-8 text; what the end of the stream leaves unended is a last line. Throws where one is too long. */
export async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  for await (const lines of lineBatches(body)) yield* lines;
}

/** The same, all that end in one piece at a time: a turn of the loop for each of a million lines costs a second. */
export async function* lineBatches(body: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  const splitter = new LineSplitter();
  for await (const chunk of body) yield* batchOf(splitter, decoder.decode(chunk, { stream: true }));
  yield* batchOf(splitter, decoder.decode());
  const rest = splitter.rest();
  if (rest !== "") yield [rest];
}

/** The lines that end in `text`; where one is too long, those before it come first. */
function* batchOf(splitter: LineSplitter, text: string): Generator<readonly string[]> {
  const lines: string[] = [];
  try {
    for (const line of splitter.add(text)) lines.push(line);
  } finally {
    if (lines.length > 0) yield lines;
  }
}
