/** The identity of a person who logged in at the issuer, with the client that asked and the scopes it was granted. */
import type { JWTPayload } from "jose";
import { identityOf } from "../auth/claims.ts";
import type { Identity } from "../auth/principal.ts";
import type { ProxyClient } from "./client.ts";

/** `scopes` replace those of the claims, which are the issuer's and mean nothing here. */
export function identityFrom(
  claims: Readonly<Record<string, unknown>>,
  client: Pick<ProxyClient, "shownAs">,
  scopes: readonly string[],
): Identity {
  const { iss, email, email_verified: verified } = claims;
  const person = identityOf(claims as JWTPayload, []);
  const isVerified = verified === true || verified === "true";
  const emailRoles = typeof email === "string" && isVerified ? [`email:${email}`] : [];
  return {
    ...person,
    ...(typeof iss === "string" && { issuer: iss }),
    client: client.shownAs,
    roles: [...person.roles, ...emailRoles],
    scopes,
  };
}
