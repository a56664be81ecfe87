/**
 * Whose Portkey key a call uses: the server's, the caller's own, or the one that the caller's rule names.
 * A caller's keys live as long as its request. What outlives it, in memory or in Redis, is a keyed fingerprint.
 */
import { createHmac, hkdfSync } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { keepRecent } from "../../catalog/keep-recent.ts";
import { placeholderProblem } from "../../config/placeholder.ts";
import type { HttpConfig } from "../../config/http-config.ts";
import type { Credentials } from "../../portkey/port.ts";
import { headerValues } from "../auth/presented-token.ts";
import { identifying, type Principal } from "../auth/principal.ts";
import { HttpRefusal } from "../auth/refusal.ts";
import { secretsOf } from "../state-secret.ts";

export const CALLER_KEY_HEADER = "x-portkey-api-key";
export const CALLER_ADMIN_KEY_HEADER = "x-portkey-admin-api-key";

/** A Portkey key as a header can carry it: visible ASCII, no comma (which would be two headers joined by a proxy). */
const KEY = /^[\x21-\x2b\x2d-\x7e]{1,512}$/;

/** Mode caller. Throws HttpRefusal 400 where the key is missing, given twice or not one. */
export function callerCredentials(request: FastifyRequest): Credentials {
  const workspaceKey = keyFrom(request, CALLER_KEY_HEADER);
  const adminKey = keyFrom(request, CALLER_ADMIN_KEY_HEADER);
  if (workspaceKey === undefined) {
    throw new HttpRefusal(
      400,
      `This server uses each caller's own Portkey key. Send it in the header ${CALLER_KEY_HEADER}.`,
    );
  }
  return { workspaceKey, ...(adminKey === undefined ? {} : { adminKey }) };
}

function keyFrom(request: FastifyRequest, name: string): string | undefined {
  const [value, ...others] = headerValues(request, name);
  if (value === undefined) return undefined;
  if (others.length > 0 || !KEY.test(value))
    throw new HttpRefusal(400, `The header ${name} does not hold one Portkey key.`);
  const problem = placeholderProblem(value);
  if (problem !== undefined) throw new HttpRefusal(400, `The header ${name} ${problem}`);
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
    config.eventStore.encryptionKey ??
    JSON.stringify([server.workspaceKey, server.adminKey, ...secretsOf(config.auth)]);
  const key = Buffer.from(hkdfSync("sha256", material, "", "portkey-admin-mcp fingerprints", 32));
  const sign = (...parts: readonly unknown[]) =>
    createHmac("sha256", key).update(JSON.stringify(parts)).digest("base64url");
  // Cached by the keys' object: the server's and a rule's last as long as the process, a caller's as long as its
  // request.
  const known = new WeakMap<Credentials, (who: string, make: () => string) => string>();
  return {
    bindingOf: (identity, credentials) => {
      const kept = known.get(credentials) ?? keepRecent<string>();
      known.set(credentials, kept);
      const who = [...identifying(identity), identity.client];
      return kept(JSON.stringify(who), () => sign("binding", ...who, credentials.workspaceKey, credentials.adminKey));
    },
    keyNameOf: ({ workspaceKey, adminKey }) => sign("key", workspaceKey, adminKey).slice(0, 16),
  };
}
