/** Whose share of sessions and kept events a caller takes. */
import { createHash } from "node:crypto";
import { createRecentCache } from "../../catalog/recent-cache.ts";
import type { Caller } from "../../mcp/registry.ts";

const tags = createRecentCache<string>();

/** A digest of its name, or of its address where it has none: names are not written to Redis. */
export function ownerTagOf({ quota, principal }: Caller): string {
  const owner = quota ?? principal;
  return tags(owner, () => createHash("sha256").update(`owner ${owner}`).digest("base64url").slice(0, 22));
}
