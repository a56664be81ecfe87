/** The data of server-sent events, one text per event, however the bytes are chunked. WHATWG HTML, section 9.2. */
import { linesOf } from "../streams/lines.ts";

/** Events without data are skipped; an event that the stream's end cut short is dropped, as the standard says. */
export async function* eventData(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
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
