/** This server as an OAuth protected resource (RFC 9728): its identifier and its metadata. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { editionOf } from "../../config/editions.ts";
import type { HttpConfig } from "../../config/http-config.ts";
import { pathPrefix } from "../routes/path-prefix.ts";

const WELL_KNOWN = "/.well-known/oauth-protected-resource";
/** The path of the MCP endpoint, which is the resource. */
export const MCP_PATH = "/mcp";

/** The authorization server that clients use; in mode oauth-proxy this server itself; null: there is none. */
export function authorizationServer({
  auth,
  publicBaseUrl,
}: Pick<HttpConfig, "auth" | "publicBaseUrl">): string | null {
  if (auth.mode === "oauth-proxy") return publicBaseUrl;
  return auth.mode === "jwt" || auth.mode === "clerk" ? auth.issuer : null;
}

/** This server's addresses as a client knows them. */
export interface Resource {
  /** The identifier: the address of the MCP endpoint. */
  readonly resource: string;
  /** The address of the metadata. */
  readonly metadata: string;
}

/** By `publicBaseUrl` where it is set, else by the request's Host, which the app has checked to be one of its own. */
export function resourceOf(
  config: Pick<HttpConfig, "publicBaseUrl">,
  request: Pick<FastifyRequest, "protocol" | "host">,
): Resource {
  const base = new URL(config.publicBaseUrl ?? `${request.protocol}://${request.host}`);
  const path = base.pathname.replace(/\/$/, "");
  return { resource: `${base.origin}${path}${MCP_PATH}`, metadata: `${base.origin}${WELL_KNOWN}${path}${MCP_PATH}` };
}

/**
 * Serves the metadata at its well-known addresses, to every origin: browsers read it before there is a token.
 * Does nothing without an authorization server, as in modes none and bearer.
 */
export function registerResourceMetadata(app: FastifyInstance, config: HttpConfig, scopes: readonly string[]): void {
  const server = authorizationServer(config);
  if (server === null) return;
  const paths = new Set([WELL_KNOWN, `${WELL_KNOWN}${MCP_PATH}`, `${WELL_KNOWN}${pathPrefix(config)}${MCP_PATH}`]);
  for (const path of paths) {
    app.get(path, async (request, reply) => {
      reply.header("access-control-allow-origin", "*").header("cache-control", "public, max-age=300");
      return {
        resource: resourceOf(config, request).resource,
        authorization_servers: [server],
        ...(scopes.length === 0 ? {} : { scopes_supported: scopes }),
        bearer_methods_supported: ["header"],
        resource_name: `${editionOf(config).product.name} Admin MCP`,
      };
    });
  }
}
