/** Serves this authorization server's metadata (RFC 8414) to every origin, like the resource's. */
import type { FastifyInstance } from "fastify";
import { pathPrefix } from "../routes/path-prefix.ts";

const WELL_KNOWN = "/.well-known/oauth-authorization-server";

/** `issuer`: the public address, without a trailing slash. */
export function serveMetadata(app: FastifyInstance, issuer: string, scopes: readonly string[]): void {
  const metadata = {
    issuer,
    authorization_endpoint: `${issuer}/oauth/authorize`,
    token_endpoint: `${issuer}/oauth/token`,
    registration_endpoint: `${issuer}/oauth/register`,
    revocation_endpoint: `${issuer}/oauth/revoke`,
    ...(scopes.length > 0 && { scopes_supported: scopes }),
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: ["authorization_code", "refresh_token"],
    token_endpoint_auth_methods_supported: ["none"],
    revocation_endpoint_auth_methods_supported: ["none"],
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
  };
  for (const address of new Set([WELL_KNOWN, `${WELL_KNOWN}${pathPrefix({ publicBaseUrl: issuer })}`])) {
    app.get(address, async (_request, reply) => {
      reply.header("access-control-allow-origin", "*").header("cache-control", "public, max-age=300");
      return metadata;
    });
  }
}
