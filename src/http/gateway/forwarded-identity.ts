/**
 * Mode portkey-gateway: Portkey's own MCP gateway stands in front, and says in X-User-JWT who calls. It signs that
 * with its keys, but names no audience: another server that got the same token could send it here. So it counts only
 * beside a secret that this server shares with the gateway.
 */
import type { FastifyRequest } from "fastify";
import type { JWTPayload } from "jose";
import { identityOf } from "../auth/claims.ts";
import { headerValues, TOKEN_LIMIT } from "../auth/presented-token.ts";
import type { Identity } from "../auth/principal.ts";
import { InvalidToken, type VerifyToken } from "../auth/signed-tokens.ts";

export const IDENTITY_HEADER = "x-user-jwt";

/** Throws InvalidToken where the secret is not ours, or no identity comes with it. */
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
