/**
 * The secret that seals `requestState`. Instances behind one balancer must share it, and they share their settings: so
 * it comes from the most secret of those. Only where none is secret is it this process's own.
 */
import { createHash, randomBytes } from "node:crypto";
import type { HttpConfig } from "../config/http-config.ts";
import type { Credentials } from "../portkey/port.ts";

export function stateSecret(http: Pick<HttpConfig, "eventStore" | "auth">, credentials: Credentials): Uint8Array {
  if (http.eventStore.encryptionKey !== null) return http.eventStore.encryptionKey;
  const tokens = http.auth.mode === "bearer" ? http.auth.tokens.map(({ token }) => token) : [];
  const shared = [credentials.workspaceKey, credentials.adminKey, ...tokens].filter((secret) => secret !== undefined);
  return shared.length === 0 ? randomBytes(32) : createHash("sha256").update(JSON.stringify(shared)).digest();
}
