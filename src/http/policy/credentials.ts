/**
 * The Portkey keys that callers send themselves (MCP_CREDENTIALS=caller), and fingerprints of keys.
 * A caller's keys are held only during its request. What is kept longer, in memory or in Redis, is a keyed fingerprint.
 */
import { createHmac, hkdfSync } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { createRecentCache } from "../../catalog/recent-cache.ts";
import { credentialsFrom, editionOf, type CredentialPart } from "../../config/editions.ts";
import { placeholderProblem } from "../../config/placeholder.ts";
import type { HttpConfig } from "../../config/http-config.ts";
import { credentialParts } from "../../portkey/credentials.ts";
import type { Credentials } from "../../portkey/port.ts";
import { headerValues } from "../auth/presented-token.ts";
import { distinguishingParts, type Principal } from "../auth/principal.ts";
import { HttpRefusal } from "../auth/refusal.ts";
import { secretsOf } from "../state-secret.ts";

/** A credential in a header: visible ASCII without a comma, which would mean that a proxy has joined two headers. */
const CREDENTIAL = /^[\x21-\x2b\x2d-\x7e]{1,512}$/;

/** The credentials in a request's headers. Throws HttpRefusal 400 where one is missing, repeated or malformed. */
export function callerCredentials(
  request: FastifyRequest,
  config: Pick<HttpConfig, "edition" | "sendsTenant"> = {},
): Credentials {
  const { product, parts } = editionOf(config);
  const values = new Map<CredentialPart["place"], string>();
  for (const part of parts) {
    const value = readPart(request, part);
    if (value !== undefined) values.set(part.place, value);
  }
  const missing = parts.filter(({ place, required }) => required && !values.has(place));
  if (missing.length > 0) throw new HttpRefusal(400, missingText(product.name, missing));
  return credentialsFrom(values, config.sendsTenant);
}

function missingText(api: string, missing: readonly CredentialPart[]): string {
  const [part] = missing;
  const headers = missing.map(({ header }) => header).join(", ");
  return missing.length === 1 && part?.place === "workspaceKey"
    ? `This server uses each caller's own ${api} key. Send it in the header ${headers}.`
    : `This server uses each caller's own ${api} service account. Send ${headers} as headers.`;
}

function readPart(request: FastifyRequest, { header, label }: CredentialPart): string | undefined {
  const [value, ...others] = headerValues(request, header);
  if (value === undefined) return undefined;
  if (others.length > 0 || !CREDENTIAL.test(value))
    throw new HttpRefusal(400, `The header ${header} does not hold one ${label}.`);
  const problem = placeholderProblem(value);
  if (problem !== undefined) throw new HttpRefusal(400, `The header ${header} ${problem}`);
  return value;
}

/** Names a principal together with its keys, without revealing either. */
export interface Fingerprints {
  readonly bindingOf: (identity: Principal, credentials: Credentials) => string;
  readonly keyNameOf: (credentials: Credentials) => string;
}

/**
 * Fingerprints are equal on every instance with the same settings. Their key is derived from MCP_EVENT_ENCRYPTION_KEY,
 * else from the server's own secrets. Where there are none, Portkey's keys are long enough to resist guessing.
 */
export function createFingerprints(config: Pick<HttpConfig, "auth" | "eventStore">, server: Credentials): Fingerprints {
  const material =
    config.eventStore.encryptionKey ?? JSON.stringify([...credentialParts(server), ...secretsOf(config.auth)]);
  const key = Buffer.from(hkdfSync("sha256", material, "", "portkey-admin-mcp fingerprints", 32));
  const sign = (...parts: readonly unknown[]) =>
    createHmac("sha256", key).update(JSON.stringify(parts)).digest("base64url");
  // By credentials object: the server's and a rule's last as long as the process, a caller's as long as its request.
  const caches = new WeakMap<Credentials, (principal: string, make: () => string) => string>();
  return {
    bindingOf: (identity, credentials) => {
      const cache = caches.get(credentials) ?? createRecentCache<string>();
      caches.set(credentials, cache);
      const principal = [...distinguishingParts(identity), identity.client];
      return cache(JSON.stringify(principal), () => sign("binding", ...principal, ...credentialParts(credentials)));
    },
    keyNameOf: (credentials) => sign("key", ...credentialParts(credentials)).slice(0, 16),
  };
}
