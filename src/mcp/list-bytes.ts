/**
 * The tools/list result as bytes, encoded once for each text: at 127 kB the encoding would cost more than the request.
 */

/** One entry for each policy in use; a process sees few. */
const KEPT = 64;
const encoded = new Map<string, Buffer>();

/** `head`, the list's object without its closing brace, and `tail`, which must close it. */
export function listBytes(list: string, head: string, tail: string): Buffer {
  let bytes = encoded.get(list);
  if (bytes === undefined) {
    bytes = Buffer.from(list.slice(0, -1));
    if (encoded.size >= KEPT) encoded.delete(encoded.keys().next().value as string);
    encoded.set(list, bytes);
  }
  return Buffer.concat([Buffer.from(head), bytes, Buffer.from(tail)]);
}
