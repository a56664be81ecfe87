/** Where logins, codes and grants are kept: in memory for one instance, in Redis for several. */

/**
 * `login`: a person is at the issuer. `code`: the terms of a code that can be redeemed. `issued`: the grant of a code,
 * also after that was redeemed. `grant`: a grant. `refresh`: the digest of a grant's refresh token.
 */
export type Kind = "login" | "code" | "issued" | "grant" | "refresh";

/** Values are JSON. Each method throws RedisAway where the store cannot be reached. */
export interface Store {
  put(kind: Kind, name: string, value: unknown, ttlMs: number): Promise<void>;
  /** The value; undefined where there is none, or it has expired. */
  get(kind: Kind, name: string): Promise<unknown>;
  /** Reads and removes a value atomically: of several calls at once, only one gets it. */
  take(kind: Kind, name: string): Promise<unknown>;
  remove(kind: Kind, name: string): Promise<void>;
}

/** Entries of each kind; the oldest are dropped first. One kind's entries cannot displace another's. */
const LIMIT = 10_000;

export function createMemoryStore(limit = LIMIT): Store {
  const kinds = new Map<Kind, Map<string, { readonly value: unknown; readonly until: number }>>();
  const entriesOf = (kind: Kind) => {
    const entries = kinds.get(kind) ?? new Map<string, { readonly value: unknown; readonly until: number }>();
    kinds.set(kind, entries);
    return entries;
  };
  const read = (kind: Kind, name: string) => {
    const entry = entriesOf(kind).get(name);
    return entry === undefined || Date.now() >= entry.until ? undefined : entry.value;
  };
  return {
    async put(kind, name, value, ttlMs) {
      const entries = entriesOf(kind);
      entries.delete(name);
      entries.set(name, { value, until: Date.now() + ttlMs });
      const [oldest] = entries.keys();
      if (entries.size > limit && oldest !== undefined) entries.delete(oldest);
    },
    get: async (kind, name) => read(kind, name),
    async take(kind, name) {
      const value = read(kind, name);
      entriesOf(kind).delete(name);
      return value;
    },
    async remove(kind, name) {
      entriesOf(kind).delete(name);
    },
  };
}
