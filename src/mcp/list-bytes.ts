/**
 * The tools/list result as bytes, encoded once for each text: encoding 127 kB costs more than the rest of a request.
 * Clients ask for the list with one of their first ids, so that the last response can often be sent again.
 */
import { createRecentCache } from "../catalog/recent-cache.ts";

interface Encoded {
  readonly bytes: Buffer;
  last: { readonly head: string; readonly tail: string; readonly answer: Buffer } | undefined;
}

/** One entry for each policy in use, of which there are few. */
const encoded = createRecentCache<Encoded>();

/**
 * The bytes of `head`, then `list` without its closing brace, then `tail`, which must close it.
 * The buffer is shared between requests: do not change it.
 */
export function listBytes(list: string, head: string, tail: string): Buffer {
  const entry = encoded(list, () => ({ bytes: Buffer.from(list.slice(0, -1)), last: undefined }));
  if (entry.last?.head === head && entry.last.tail === tail) return entry.last.answer;
  const answer = Buffer.concat([Buffer.from(head), entry.bytes, Buffer.from(tail)]);
  // The head holds the request's id, which a client may make as long as a body: such a response is not kept.
  if (head.length < 200) entry.last = { head, tail, answer };
  return answer;
}
