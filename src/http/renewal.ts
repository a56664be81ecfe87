/** Replaces what may change while the server runs: who may call, with which keys, and the certificate. */
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
  /** The configuration at start. */
  readonly http: HttpConfig;
  readonly log: Log;
  /** The apps whose certificate is replaced. */
  readonly apps: readonly (FastifyInstance | undefined)[];
  readonly auth: RenewableAuth;
  readonly proxy: OAuthProxy | undefined;
  readonly access: MetricsAccess;
}

/** The returned function replaces everything, or throws CONFIG and replaces nothing. It logs each warning once. */
export function createRenewal({ http: first, log, apps, auth, proxy, access }: RenewedParts): AssembledServer["renew"] {
  const logged = new Set([...(first.warnings ?? []), ...checkExposure(first)]);
  return ({ http, credentials }) => {
    const exposed = checkExposure(http);
    const next = auth.prepare(http, credentials);
    for (const warning of [...(http.warnings ?? []), ...exposed, ...restartWarnings(first, http)]) {
      if (!logged.has(warning)) log.write("warn", warning);
      logged.add(warning);
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

/** Warnings about changed settings that take effect only with the next start. */
function restartWarnings(first: HttpConfig, next: HttpConfig): string[] {
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
