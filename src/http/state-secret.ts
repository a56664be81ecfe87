/**
 * A secret that instances with the same settings share: derived from the secret ones among those. It seals
 * `requestState`, and authenticates data in Redis.
 */
import { createHash, randomBytes } from "node:crypto";
import type { AuthConfig, HttpConfig } from "../config/http-config.ts";
import { credentialSecrets } from "../portkey/credentials.ts";
import type { Credentials } from "../portkey/port.ts";

type Secrets = Pick<HttpConfig, "eventStore" | "auth">;

/** Null where no setting is secret. */
export function sharedSecret(http: Secrets, credentials: Credentials): Uint8Array | null {
  if (http.eventStore.encryptionKey !== null) return http.eventStore.encryptionKey;
  const shared = [...credentialSecrets(credentials), ...secretsOf(http.auth)];
  return shared.length === 0 ? null : createHash("sha256").update(JSON.stringify(shared)).digest();
}

/** The secrets of the settings for authentication. */
export function secretsOf(auth: AuthConfig): string[] {
  if (auth.mode === "bearer" || auth.mode === "portkey-gateway") return auth.tokens.map(({ token }) => token);
  return auth.mode === "oauth-proxy" && auth.clientSecret !== null ? [auth.clientSecret] : [];
}

/** The shared secret; where no setting is secret, a random one of this process. */
export function stateSecret(http: Secrets, credentials: Credentials): Uint8Array {
  return sharedSecret(http, credentials) ?? randomBytes(32);
}
