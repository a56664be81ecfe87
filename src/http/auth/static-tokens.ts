/**
 * Mode bearer: tokens from the configuration, each the name of a principal.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { BearerToken } from "../../config/http-config.ts";
import type { Identity } from "./principal.ts";

/**
 * Finds the principal of a token. Digests are compared, all of them and in constant time, so that neither the length of
 * a token nor how much of it was guessed nor which of them matched can be measured.
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
