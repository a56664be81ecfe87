/** Parses server-sent events (WHATWG HTML, section 9.2) in any chunks, and yields the data of each event. */
import { BOUNDS, bytesInWords } from "../../errors/bounds.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { readLineBatches } from "../streams/lines.ts";

/**
 * Skips events without data and, as the standard says, an event that the end of the stream cuts off.
 * Throws UNREACHABLE where an event is longer than BOUNDS.line.
 */
export async function* eventData(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let data: string[] = [];
  let length = 0;
  for await (const lines of readLineBatches(body)) {
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
