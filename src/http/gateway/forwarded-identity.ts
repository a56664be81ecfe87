/**
 * Mode portkey-gateway: Portkey's MCP gateway is in front of this server, and X-User-JWT says who calls.
 * The gateway signs that token, but it names no audience: another server that received it could send it here. So it
 * only counts together with a secret that this server shares with the gateway.
 */
import type { FastifyRequest } from "fastify";
import type { JWTPayload } from "jose";
import { identityOf } from "../auth/claims.ts";
import { headerValues, TOKEN_LIMIT } from "../auth/presented-token.ts";
import type { Identity } from "../auth/principal.ts";
import { InvalidToken, type VerifyToken } from "../auth/signed-tokens.ts";

export const IDENTITY_HEADER = "x-user-jwt";

/** The returned function throws InvalidToken where the secret is wrong, or the request has no valid identity. */
export function createForwardedIdentity(
  isSecret: VerifyToken,
  verify: VerifyToken,
): (secret: string, request: FastifyRequest) => Promise<Identity> {
  return async (secret, request) => {
    await isSecret(secret);
    const [token, ...others] = headerValues(request, IDENTITY_HEADER);
    if (token === undefined || token === "")
      throw new InvalidToken("The gateway says nothing of who calls. Have it forward the identity as X-User-JWT.");
    if (others.length > 0 || token.length > TOKEN_LIMIT) throw new InvalidToken("X-User-JWT does not hold one token.");
    return verify(token);
  };
}

/** What the gateway says of a person: Portkey's organisation, and the workspace and address as roles. */
export function forwardedIdentity(claims: JWTPayload): Identity {
  const { organisation_id: organisation, workspace_id: workspace, email } = claims;
  const { organisations: _none, ...person } = identityOf(claims, []);
  const named = typeof organisation === "string" && organisation !== "" ? organisation : null;
  return {
    ...person,
    organisation: named,
    ...(named !== null && { organisations: [["organisation_id", named]] }),
    roles: [
      ...person.roles,
      ...(typeof workspace === "string" ? [`workspace:${workspace}`] : []),
      ...(typeof email === "string" ? [`email:${email}`] : []),
    ],
  };
}
