/** Mode bearer: tokens from the configuration, each with the name of its principal. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { BearerToken } from "../../config/http-config.ts";
import type { Identity } from "./principal.ts";

/**
 * Finds the principal of a token; null: it is none of them.
 * It compares digests, all of them, in constant time. So the time reveals neither a token's length, nor how much of it
 * was guessed, nor which one matched.
 */
export function createStaticTokens(tokens: readonly BearerToken[]): (token: string) => Identity | null {
  const known = tokens.map(({ name, token }) => ({ name, digest: digestOf(token) }));
  return (token) => {
    const presentedDigest = digestOf(token);
    let found: string | null = null;
    for (const { name, digest } of known) {
      if (timingSafeEqual(presentedDigest, digest)) found = name;
    }
    return found === null
      ? null
      : { kind: "token", subject: found, client: null, organisation: null, roles: [], scopes: [] };
  };
}

function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
