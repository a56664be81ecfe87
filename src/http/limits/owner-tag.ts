/** Names the owner of a caller's sessions and kept events, for the limits by owner. */
import { createHash } from "node:crypto";
import { createRecentCache } from "../../catalog/recent-cache.ts";
import type { Caller } from "../../mcp/registry.ts";

const tags = createRecentCache<string>();

/** A digest of the caller's quota, or else its principal: Redis must not hold names. */
export function ownerTagOf({ quota, principal }: Caller): string {
  const owner = quota ?? principal;
  return tags(owner, () => createHash("sha256").update(`owner ${owner}`).digest("base64url").slice(0, 22));
}
