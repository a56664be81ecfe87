/**
 * Mode oauth-proxy: an authorization server for MCP clients in front of an issuer that registers none. People log in at
 * the issuer, through the one client that is registered there; clients get tokens of this server's own.
 */
import type { FastifyInstance } from "fastify";
import type { OAuthProxyConfig } from "../../config/http-config.ts";
import { isLoopback } from "../../config/base-url.ts";
import type { Log } from "../../log/log.ts";
import { acceptedAudiences } from "../auth/audiences.ts";
import { MCP_PATH } from "../auth/resource.ts";
import type { VerifyToken } from "../auth/signed-tokens.ts";
import type { RedisLink } from "../redis/link.ts";
import { createAccessTokens } from "./access-tokens.ts";
import { createBrowsers } from "./browser.ts";
import { createClientDocuments } from "./client-documents.ts";
import { createGrants } from "./grants.ts";
import { deriveKeys } from "./keys.ts";
import { serveLogin } from "./login-routes.ts";
import { serveMetadata } from "./metadata.ts";
import type { ProxyParts } from "./parts.ts";
import { createRedisStore } from "./redis-store.ts";
import { createRegisteredClients } from "./registered-clients.ts";
import { createMemoryStore } from "./store.ts";
import { createTickets } from "./tickets.ts";
import { serveTokens } from "./token-routes.ts";
import { createUpstream, type Upstream } from "./upstream.ts";

export interface OAuthProxyOptions {
  readonly config: OAuthProxyConfig;
  /** MCP_PUBLIC_BASE_URL: what clients know this server by, as a resource and as an issuer. */
  readonly publicBaseUrl: string;
  /** What instances with the same settings share, and nobody else knows. */
  readonly secret: Uint8Array;
  /** What a client gets that asks for no scope. */
  readonly usualScopes: readonly string[];
  readonly log: Log;
  /** Absent: logins live and end with this process. */
  readonly redis?: RedisLink;
}

export interface OAuthProxy {
  readonly verify: VerifyToken;
  /** Takes up another secret of the client that is registered at the issuer; this server's own keys stay. */
  renew(config: OAuthProxyConfig): void;
  /** `scopes`: what clients are told that they may ask for. */
  register(app: FastifyInstance, scopes: readonly string[]): void;
}

const FORM_LIMIT = 32_768;

export function createOAuthProxy(options: OAuthProxyOptions): OAuthProxy {
  const upstream = renewable(options);
  const parts = partsOf(options, upstream.current);
  if (options.redis === undefined)
    options.log.write("info", "logins are kept in memory: they end with this process, and other instances know none");
  return {
    verify: (token) => parts.tokens.verify(token),
    renew: upstream.renew,
    register(app, scopes) {
      serveMetadata(app, parts.issuer, scopes);
      void app.register(async (routes) => {
        routes.addContentTypeParser(
          "application/x-www-form-urlencoded",
          { parseAs: "string", bodyLimit: FORM_LIMIT },
          (_request, body, done) => done(null, new URLSearchParams(String(body))),
        );
        serveLogin(routes, parts);
        serveTokens(routes, parts);
      });
    },
  };
}

/** The way to the issuer, by the settings that hold now. */
function renewable({ config, publicBaseUrl }: OAuthProxyOptions) {
  const made = (next: OAuthProxyConfig) => createUpstream(next, `${publicBaseUrl}/oauth/callback`);
  let upstream = made(config);
  const current: Upstream = {
    host: upstream.host,
    loginAddress: (secrets) => upstream.loginAddress(secrets),
    finish: (answer, secrets) => upstream.finish(answer, secrets),
    refresh: (refreshToken) => upstream.refresh(refreshToken),
    revoke: (refreshToken) => upstream.revoke(refreshToken),
  };
  return { current, renew: (next: OAuthProxyConfig) => void (upstream = made(next)) };
}

function partsOf(options: OAuthProxyOptions, upstream: Upstream): ProxyParts {
  const { config, publicBaseUrl: issuer, log, redis } = options;
  const keys = deriveKeys(options.secret);
  const store = redis === undefined ? createMemoryStore() : createRedisStore(redis, keys.record);
  const grants = createGrants(store);
  const resource = `${issuer}${MCP_PATH}`;
  const { protocol, hostname } = new URL(issuer);
  return {
    issuer,
    log,
    store,
    grants,
    granting: {
      resources: acceptedAudiences([resource], issuer),
      usualScopes: options.usualScopes,
      redirectHosts: config.redirectHosts ?? null,
    },
    tokens: createAccessTokens({ key: keys.token, issuer, resource, grants }),
    tickets: createTickets(keys.ticket),
    browsers: createBrowsers(protocol === "https:"),
    registered: createRegisteredClients(keys.client),
    documents: createClientDocuments({ onThisMachine: isLoopback(hostname) }),
    upstream,
  };
}
