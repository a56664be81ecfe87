/**
 * The tools/list result as bytes, encoded once for each text: at 127 kB the encoding would cost more than the request.
 * Clients ask for the list with one of their first ids, so that the last answer often serves as it is.
 */
import { createRecentCache } from "../catalog/recent-cache.ts";

interface Encoded {
  readonly bytes: Buffer;
  last: { readonly head: string; readonly tail: string; readonly answer: Buffer } | undefined;
}

/** An entry for each policy in use; a process sees few. */
const encoded = createRecentCache<Encoded>();

/**
 * `head`, the list's object without its closing brace, and `tail`, which must close it. The bytes are shared: send
 * them, nothing else.
 */
export function listBytes(list: string, head: string, tail: string): Buffer {
  const entry = encoded(list, () => ({ bytes: Buffer.from(list.slice(0, -1)), last: undefined }));
  if (entry.last?.head === head && entry.last.tail === tail) return entry.last.answer;
  const answer = Buffer.concat([Buffer.from(head), entry.bytes, Buffer.from(tail)]);
  // An id may be as long as a body; that one is not worth keeping.
  if (head.length < 200) entry.last = { head, tail, answer };
  return answer;
}
