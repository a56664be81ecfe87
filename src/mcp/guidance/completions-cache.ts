/**
 * Keeps what was listed for completions for half a minute, since a client asks with every letter typed. An entry is
 * for one caller, with its keys and its policy: nothing of one caller's is ever offered to another.
 */
import { createHash } from "node:crypto";
import { credentialParts } from "../../portkey/credentials.ts";
import type { Caller } from "../registry.ts";

/** A value to offer, and the names by which a person may look for it. */
export interface Candidate {
  readonly value: string;
  readonly names: readonly string[];
}

const KEPT_MS = 30_000;
const KEPT_ENTRIES = 200;

type Fetch = () => Promise<readonly Candidate[]>;
interface Entry {
  readonly until: number;
  readonly values: readonly Candidate[];
}

/**
 * The values of a source for a caller: kept ones, or fetched. None where they cannot be fetched; a failure is not kept.
 */
export function createValueCache(
  now: () => number = Date.now,
): (caller: Caller, source: string, fetch: Fetch) => Promise<readonly Candidate[]> {
  const entries = new Map<string, Entry>();
  return async (caller, source, fetch) => {
    const key = keyOf(caller, source);
    const kept = entries.get(key);
    if (kept !== undefined && kept.until > now()) return kept.values;
    entries.delete(key);
    try {
      const values = await fetch();
      entries.set(key, { until: now() + KEPT_MS, values });
      if (entries.size > KEPT_ENTRIES) entries.delete(entries.keys().next().value as string);
      return values;
    } catch {
      return [];
    }
  };
}

/** Keys of Portkey's are secrets, hence the digest. */
function keyOf({ principal, binding, policy, credentials }: Caller, source: string): string {
  const cacheKey = JSON.stringify([principal, binding, policy.key, ...credentialParts(credentials), source]);
  return createHash("sha256").update(cacheKey).digest("base64url");
}
