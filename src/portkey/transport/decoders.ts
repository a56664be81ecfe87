/** Chooses the decoder of a compressed answer. undici's own decoder is experimental and warns on stderr. */
import type { Transform } from "node:stream";
import type { Dispatcher } from "undici";

export type AnswerHeaders = Dispatcher.ResponseData["headers"];

/** The value of the `accept-encoding` header. */
export const ENCODINGS = "gzip, deflate, br";

const DECODERS: ReadonlyMap<string, "createGunzip" | "createInflate" | "createBrotliDecompress"> = new Map([
  ["gzip", "createGunzip"],
  ["x-gzip", "createGunzip"],
  ["deflate", "createInflate"],
  ["br", "createBrotliDecompress"],
]);

/** A new decoder for an answer with these headers; undefined where it is not compressed. */
export function decoderOf(headers: AnswerHeaders): Transform | undefined {
  const make = DECODERS.get(headerValue(headers["content-encoding"])?.toLowerCase() ?? "");
  return make && process.getBuiltinModule("node:zlib")[make]();
}

/** A header's value; several are joined by commas; null where there is none. */
export function headerValue(header: string | string[] | undefined): string | null {
  return Array.isArray(header) ? header.join(", ") : (header ?? null);
}
