/** Who logged in at the issuer, as a principal of this server: with the client that asked, and what it was granted. */
import type { JWTPayload } from "jose";
import { identityOf } from "../auth/claims.ts";
import type { Identity } from "../auth/principal.ts";
import type { ProxyClient } from "./client.ts";

/** Scopes that the issuer granted are about the issuer's own things. */
export function identityFrom(
  claims: Readonly<Record<string, unknown>>,
  client: Pick<ProxyClient, "shownAs">,
  scopes: readonly string[],
): Identity {
  const { iss, email, email_verified: verified } = claims;
  const person = identityOf(claims as JWTPayload, []);
  const owned = typeof email === "string" && (verified === true || verified === "true") ? [`email:${email}`] : [];
  return {
    ...person,
    ...(typeof iss === "string" && { issuer: iss }),
    client: client.shownAs,
    roles: [...person.roles, ...owned],
    scopes,
  };
}
