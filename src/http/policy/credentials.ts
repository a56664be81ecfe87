/**
 * Whose Portkey key a call uses: the server's, the caller's own, or the one that the caller's rule names.
 * A caller's keys live as long as its request. What outlives it, in memory or in Redis, is a keyed fingerprint.
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

/** A credential as a header can carry it: visible ASCII, no comma (which would be two headers joined by a proxy). */
const CREDENTIAL = /^[\x21-\x2b\x2d-\x7e]{1,512}$/;

/** Mode caller. Throws HttpRefusal 400 where one is missing, given twice or not one. */
export function callerCredentials(
  request: FastifyRequest,
  config: Pick<HttpConfig, "edition" | "sendsTenant"> = {},
): Credentials {
  const { product, parts } = editionOf(config);
  const given = new Map<CredentialPart["place"], string>();
  for (const part of parts) {
    const value = partFrom(request, part);
    if (value !== undefined) given.set(part.place, value);
  }
  const missing = parts.filter(({ place, required }) => required && !given.has(place));
  if (missing.length > 0) throw new HttpRefusal(400, missingText(product.name, missing));
  return credentialsFrom(given, config.sendsTenant);
}

function missingText(api: string, missing: readonly CredentialPart[]): string {
  const [what] = missing;
  const headers = missing.map(({ header }) => header).join(", ");
  return missing.length === 1 && what?.place === "workspaceKey"
    ? `This server uses each caller's own ${api} key. Send it in the header ${headers}.`
    : `This server uses each caller's own ${api} service account. Send ${headers} as headers.`;
}

function partFrom(request: FastifyRequest, { header, label }: CredentialPart): string | undefined {
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
 * Equal on every instance that is configured alike. The fingerprints' key comes from MCP_EVENT_ENCRYPTION_KEY, else
 * from the server's own secrets; where there are none, Portkey's keys are long enough to resist guessing by themselves.
 */
export function createFingerprints(config: Pick<HttpConfig, "auth" | "eventStore">, server: Credentials): Fingerprints {
  const material =
    config.eventStore.encryptionKey ?? JSON.stringify([...credentialParts(server), ...secretsOf(config.auth)]);
  const key = Buffer.from(hkdfSync("sha256", material, "", "portkey-admin-mcp fingerprints", 32));
  const sign = (...parts: readonly unknown[]) =>
    createHmac("sha256", key).update(JSON.stringify(parts)).digest("base64url");
  // Cached by the keys' object: the server's and a rule's last as long as the process, a caller's as long as its
  // request.
  const known = new WeakMap<Credentials, (who: string, make: () => string) => string>();
  return {
    bindingOf: (identity, credentials) => {
      const kept = known.get(credentials) ?? createRecentCache<string>();
      known.set(credentials, kept);
      const who = [...distinguishingParts(identity), identity.client];
      return kept(JSON.stringify(who), () => sign("binding", ...who, ...credentialParts(credentials)));
    },
    keyNameOf: (credentials) => sign("key", ...credentialParts(credentials)).slice(0, 16),
  };
}
