/** The data of server-sent events, one text per event, however the bytes are chunked. WHATWG HTML, section 9.2. */
import { BOUNDS, bytesInWords } from "../../errors/bounds.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { lineBatches } from "../streams/lines.ts";

/**
 * Events without data are skipped; an event that the stream's end cut short is dropped, as the standard says. Throws
 * UNREACHABLE where one is longer than a line may be.
 */
export async function* eventData(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let data: string[] = [];
  let length = 0;
  for await (const lines of lineBatches(body)) {
    for (const line of lines) {
      if (line.startsWith("data:")) {
        length += line.length;
        if (length > BOUNDS.line)
          throw new PortkeyMcpError("UNREACHABLE", `An event in it is longer than ${bytesInWords(BOUNDS.line)}.`);
        data.push(line.slice(line[5] === " " ? 6 : 5));
      }
      if (line !== "") continue;
      if (data.length > 0) yield data.join("\n");
      data = [];
      length = 0;
    }
  }
}
