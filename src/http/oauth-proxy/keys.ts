/**
 * The keys of this authorization server, one for each use, derived from a secret that only its instances share. So each
 * instance can verify and open what another has signed or sealed.
 */
import { hkdfSync } from "node:crypto";

export interface ProxyKeys {
  /** Signs access tokens. */
  readonly token: Uint8Array;
  /** Signs the ids of registered clients. */
  readonly client: Uint8Array;
  /** Encrypts the tickets of consent pages. */
  readonly ticket: Uint8Array;
  /** Encrypts records in Redis. */
  readonly record: Uint8Array;
}

export function deriveKeys(secret: Uint8Array): ProxyKeys {
  const derive = (use: string) => new Uint8Array(hkdfSync("sha256", secret, "", `portkey-admin-mcp oauth ${use}`, 32));
  return { token: derive("token"), client: derive("client"), ticket: derive("ticket"), record: derive("record") };
}
