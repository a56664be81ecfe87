/**
 * The routes for the state of an instance, open to everybody: they tell only states, and how to log in.
 */
import { editionOf } from "../../config/editions.ts";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { HttpConfig } from "../../config/http-config.ts";
import { authorizationServer, resourceOf } from "../auth/resource.ts";
import type { Health } from "../status/health.ts";
import type { Readiness } from "../status/readiness.ts";

export interface StatusParts {
  readonly http: HttpConfig;
  readonly ready: () => Promise<Readiness>;
  readonly health: () => Health;
  /** The scopes that clients ask their issuer for. */
  readonly scopes: () => readonly string[];
}

export function serveStatus(app: FastifyInstance, parts: StatusParts): void {
  const { http, ready } = parts;

  app.get("/health", { exposeHeadRoute: true }, async (_request, reply) => {
    const status = parts.health();
    reply.header("cache-control", "no-store").code(status === "ok" ? 200 : 503);
    return { status };
  });

  app.get("/ready", { exposeHeadRoute: true }, async (_request, reply) => {
    const state = await ready();
    reply.header("cache-control", "no-store").code(state.status === "ready" || state.status === "degraded" ? 200 : 503);
    return state;
  });

  app.get("/auth/info", async (request) => authInfo(http, request, parts.scopes()));
}

/** How to authenticate: nothing that the 401 response and its metadata would not tell. */
function authInfo(
  http: HttpConfig,
  request: FastifyRequest,
  scopes: readonly string[],
): Readonly<Record<string, unknown>> {
  const { auth, credentials } = http;
  const { resource, metadata } = resourceOf(http, request);
  const server = authorizationServer(http);
  return {
    mode: auth.mode,
    resource,
    credentials,
    ...(auth.mode !== "none" && { header: "Authorization: Bearer <token>" }),
    ...(credentials === "caller" && callerHeaders(http)),
    ...(server !== null && { resource_metadata: metadata, authorization_servers: [server], scopes }),
  };
}

/** The headers with credentials that MCP_CREDENTIALS=caller requires: a key, or the parts of a service account. */
function callerHeaders(http: HttpConfig): Readonly<Record<string, unknown>> {
  const headers = editionOf(http)
    .parts.filter(({ required }) => required)
    .map(({ header }) => header);
  return headers.length === 1 ? { portkey_key_header: headers[0] } : { credential_headers: headers };
}
