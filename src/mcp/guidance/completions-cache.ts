/**
 * Caches lists for completions for half a minute, since clients ask with every letter typed. An entry is for one caller
 * with its keys and its policy: no other caller gets it.
 */
import { createHash } from "node:crypto";
import { credentialParts } from "../../portkey/credentials.ts";
import type { Caller } from "../registry.ts";

/** A value to offer, and the names by which it can be found. */
export interface Candidate {
  readonly value: string;
  readonly names: readonly string[];
}

const CACHED_MS = 30_000;
const MAX_ENTRIES = 200;

type Fetch = () => Promise<readonly Candidate[]>;
interface Entry {
  readonly until: number;
  readonly values: readonly Candidate[];
}

/** Returns a function for a source's values for a caller, cached or fetched; none where fetching fails. */
export function createValueCache(
  now: () => number = Date.now,
): (caller: Caller, source: string, fetch: Fetch) => Promise<readonly Candidate[]> {
  const entries = new Map<string, Entry>();
  return async (caller, source, fetch) => {
    const key = keyOf(caller, source);
    const cached = entries.get(key);
    if (cached !== undefined && cached.until > now()) return cached.values;
    entries.delete(key);
    try {
      const values = await fetch();
      entries.set(key, { until: now() + CACHED_MS, values });
      if (entries.size > MAX_ENTRIES) entries.delete(entries.keys().next().value as string);
      return values;
    } catch {
      return [];
    }
  };
}

/** A digest, since the parts include Portkey keys, which are secrets. */
function keyOf({ principal, binding, policy, credentials }: Caller, source: string): string {
  const cacheKey = JSON.stringify([principal, binding, policy.key, ...credentialParts(credentials), source]);
  return createHash("sha256").update(cacheKey).digest("base64url");
}
