/** What may change while the server runs: who may call, with which keys, and the certificate. */
import type { FastifyInstance } from "fastify";
import type { Server as TlsServer } from "node:tls";
import type { HttpConfig } from "../config/http-config.ts";
import type { Log } from "../log/log.ts";
import { checkExposure } from "./auth/exposure.ts";
import { secureOptions } from "./base-app.ts";
import type { OAuthProxy } from "./oauth-proxy/create-oauth-proxy.ts";
import type { MetricsAccess } from "./observability/metrics-access.ts";
import type { RenewableAuth } from "./policy/renewable-auth.ts";
import type { AssembledServer } from "./server-parts.ts";

export interface RenewedParts {
  /** What the server started with. */
  readonly http: HttpConfig;
  readonly log: Log;
  /** Those whose certificate is replaced. */
  readonly apps: readonly (FastifyInstance | undefined)[];
  readonly auth: RenewableAuth;
  readonly proxy: OAuthProxy | undefined;
  readonly access: MetricsAccess;
}

/** What replaces them all, or throws CONFIG and replaces nothing; it warns of the same thing once. */
export function createRenewal({ http: first, log, apps, auth, proxy, access }: RenewedParts): AssembledServer["renew"] {
  const said = new Set([...(first.warnings ?? []), ...checkExposure(first)]);
  return ({ http, credentials }) => {
    const exposed = checkExposure(http);
    const next = auth.prepare(http, credentials);
    for (const warning of [...(http.warnings ?? []), ...exposed, ...laterOnly(first, http)]) {
      if (!said.has(warning)) log.write("warn", warning);
      said.add(warning);
    }
    for (const app of apps) if (app !== undefined) renewCertificate(app, http);
    access.renew(http.metrics?.token ?? null);
    if (http.auth.mode === "oauth-proxy") proxy?.renew(http.auth);
    next.use();
  };
}

function renewCertificate({ server }: FastifyInstance, { tls }: HttpConfig): void {
  if (tls !== null && "setSecureContext" in server)
    (server as unknown as TlsServer).setSecureContext(secureOptions(tls));
}

/** What was changed and counts from the next start on. */
function laterOnly(first: HttpConfig, next: HttpConfig): string[] {
  const keys = [first, next].map(({ eventStore: { encryptionKey } }) =>
    Buffer.from(encryptionKey ?? []).toString("hex"),
  );
  const changed = [
    ...(first.redis?.url === next.redis?.url ? [] : ["MCP_REDIS_URL"]),
    ...(keys[0] === keys[1] ? [] : ["MCP_EVENT_ENCRYPTION_KEY"]),
    ...(first.audit?.chain === next.audit?.chain ? [] : ["MCP_AUDIT_CHAIN_KEY"]),
    ...(webhookOf(first) === webhookOf(next) ? [] : ["MCP_AUDIT_WEBHOOK_URL or its secret"]),
  ];
  return changed.map((name) => `${name} has changed, and counts from the next start on.`);
}

function webhookOf({ audit }: HttpConfig): string {
  const { url, secret } = audit?.webhook ?? {};
  return `${url} ${Buffer.from(secret ?? []).toString("hex")}`;
}
