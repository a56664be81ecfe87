/**
 * Mode oauth-proxy: an authorization server for MCP clients, in front of an issuer at which they cannot register.
 * People log in at the issuer, through the one client that is registered there. MCP clients get tokens that this server
 * issues.
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
  /** MCP_PUBLIC_BASE_URL: this server's identifier as an issuer, and the base of its identifier as a resource. */
  readonly publicBaseUrl: string;
  /** A secret that only instances with the same settings know. */
  readonly secret: Uint8Array;
  /** The scopes of a client that asks for none. */
  readonly defaultScopes: readonly string[];
  readonly log: Log;
  /** Absent: logins are kept in memory, and end with this process. */
  readonly redis?: RedisLink;
}

export interface OAuthProxy {
  readonly verify: VerifyToken;
  /** Uses another secret for the client that is registered at the issuer; this server's own keys stay. */
  renew(config: OAuthProxyConfig): void;
  /** Adds the routes; the metadata names `scopes` as those that clients may ask for. */
  register(app: FastifyInstance, scopes: readonly string[]): void;
}

const FORM_LIMIT = 32_768;

export function createOAuthProxy(options: OAuthProxyOptions): OAuthProxy {
  const upstream = createRenewableUpstream(options);
  const parts = createParts(options, upstream.current);
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

/** An upstream whose configuration `renew` replaces. */
function createRenewableUpstream({ config, publicBaseUrl }: OAuthProxyOptions) {
  const create = (next: OAuthProxyConfig) => createUpstream(next, `${publicBaseUrl}/oauth/callback`);
  let upstream = create(config);
  const current: Upstream = {
    host: upstream.host,
    loginAddress: (secrets) => upstream.loginAddress(secrets),
    finish: (answer, secrets) => upstream.finish(answer, secrets),
    refresh: (refreshToken) => upstream.refresh(refreshToken),
    revoke: (refreshToken) => upstream.revoke(refreshToken),
  };
  return { current, renew: (next: OAuthProxyConfig) => void (upstream = create(next)) };
}

function createParts(options: OAuthProxyOptions, upstream: Upstream): ProxyParts {
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
    rules: {
      resources: acceptedAudiences([resource], issuer),
      defaultScopes: options.defaultScopes,
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
