/**
 * A secret that instances behind one balancer share, as they share their settings: it comes from the most secret of
 * those. It seals `requestState`, and authenticates what is kept in Redis.
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

/** What of the way to authenticate is secret. */
export function secretsOf(auth: AuthConfig): string[] {
  if (auth.mode === "bearer" || auth.mode === "portkey-gateway") return auth.tokens.map(({ token }) => token);
  return auth.mode === "oauth-proxy" && auth.clientSecret !== null ? [auth.clientSecret] : [];
}

/** The same, or this process's own where no setting is secret. */
export function stateSecret(http: Secrets, credentials: Credentials): Uint8Array {
  return sharedSecret(http, credentials) ?? randomBytes(32);
}
