/** Loads and creates the authorization server in mode oauth-proxy. */
import { baseScopes } from "../auth/scopes.ts";
import type { HttpServerParts } from "../server-parts.ts";
import { stateSecret } from "../state-secret.ts";
import type { OAuthProxy } from "./create-oauth-proxy.ts";

/** Undefined in every other mode. */
export async function openOAuthProxy(parts: HttpServerParts): Promise<OAuthProxy | undefined> {
  const { http, log, policy, credentials, logins } = parts;
  if (http.auth.mode !== "oauth-proxy" || http.publicBaseUrl === null) return undefined;
  const { createOAuthProxy } = await import("./create-oauth-proxy.ts");
  return createOAuthProxy({
    config: http.auth,
    publicBaseUrl: http.publicBaseUrl,
    secret: stateSecret(http, credentials),
    defaultScopes: baseScopes(policy),
    log,
    ...(logins && { redis: logins }),
  });
}
