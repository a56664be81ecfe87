/** The data of server-sent events, one text per event, however the bytes are chunked. WHATWG HTML, section 9.2. */
import { lineBatches } from "../streams/lines.ts";

/** Events without data are skipped; an event that the stream's end cut short is dropped, as the standard says. */
export async function* eventData(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let data: string[] = [];
  for await (const lines of lineBatches(body)) {
    for (const line of lines) {
      if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
      if (line !== "") continue;
      if (data.length > 0) yield data.join("\n");
      data = [];
    }
  }
}
