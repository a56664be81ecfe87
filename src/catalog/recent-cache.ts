/** More than the policies of one server. Callers can request any number of narrowings, and not all can be kept. */
const CAPACITY = 64;

/**
 * A cache of the `limit` most recently used keys, as a function that returns the value of a key.
 * `make` makes the value where the cache does not hold it.
 */
export function createRecentCache<Value>(limit = CAPACITY): (key: string, make: () => Value) => Value {
  const kept = new Map<string, Value>();
  let newest: { readonly key: string; readonly value: Value } | undefined;
  return (key, make) => {
    // Most calls ask for the same key again, which needs no reordering.
    if (newest?.key === key) return newest.value;
    const value = kept.has(key) ? (kept.get(key) as Value) : make();
    // Moved to the end, so that the first entry is the least recently used one.
    kept.delete(key);
    kept.set(key, value);
    if (kept.size > limit) kept.delete(kept.keys().next().value as string);
    newest = { key, value };
    return value;
  };
}
