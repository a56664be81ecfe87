/** The data of server-sent events, one text per event, however the bytes are chunked. WHATWG HTML, section 9.2. */

/** Events without data are skipped; an event that the stream's end cut short is dropped, as the standard says. */
export async function* eventData(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let lines: string[] = [];
  for await (const line of linesOf(body)) {
    if (line === "") {
      if (lines.length > 0) yield lines.join("\n");
      lines = [];
    } else if (line.startsWith("data:")) {
      lines.push(line.slice(line[5] === " " ? 6 : 5));
    }
  }
}

/** Lines of UTF-8 text, ended by LF, CRLF or CR; what the end of the stream leaves unended is a last line. */
export async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    // A CR at the end may be half of a CRLF.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== "") yield rest.replace(/\r$/, "");
}
