/** A process sees a handful of policies; one whose callers narrow at will must not keep every requested narrowing. */
const CAPACITY = 64;

/** The value made for `key`; made again only when the key was not among the last `limit` asked for. */
export function keepRecent<Value>(limit = CAPACITY): (key: string, make: () => Value) => Value {
  const kept = new Map<string, Value>();
  let newest: { readonly key: string; readonly value: Value } | undefined;
  return (key, make) => {
    // Most often it is the same again: then nothing has to move.
    if (newest?.key === key) return newest.value;
    const value = kept.has(key) ? (kept.get(key) as Value) : make();
    // Taken out and put back at the end, so that the first entry is the one unused for longest.
    kept.delete(key);
    kept.set(key, value);
    if (kept.size > limit) kept.delete(kept.keys().next().value as string);
    newest = { key, value };
    return value;
  };
}
