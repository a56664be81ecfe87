/** What an answer is decompressed with. undici's own decoder is experimental and warns on stderr. */
import type { Transform } from "node:stream";
import type { Dispatcher } from "undici";

export type AnswerHeaders = Dispatcher.ResponseData["headers"];

/** The compressions that are asked for. */
export const ENCODINGS = "gzip, deflate, br";

const DECODERS: ReadonlyMap<string, "createGunzip" | "createInflate" | "createBrotliDecompress"> = new Map([
  ["gzip", "createGunzip"],
  ["x-gzip", "createGunzip"],
  ["deflate", "createInflate"],
  ["br", "createBrotliDecompress"],
]);

/** A new decoder for an answer with these headers; undefined where its bytes are meant as they are. */
export function decoderOf(headers: AnswerHeaders): Transform | undefined {
  const make = DECODERS.get(headerValue(headers["content-encoding"])?.toLowerCase() ?? "");
  return make && process.getBuiltinModule("node:zlib")[make]();
}

/** A header's value, several of them joined; null where there is none. */
export function headerValue(header: string | string[] | undefined): string | null {
  return Array.isArray(header) ? header.join(", ") : (header ?? null);
}
