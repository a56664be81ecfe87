/**
 * Tickets: an authorization request, encrypted, in the form of the consent page. So the server stores nothing until the
 * person answers. A ticket is valid for ten minutes, and only with the cookie of the browser that asked.
 */
import { EncryptJWT, errors, jwtDecrypt } from "jose";
import { z } from "zod";

/** An authorization request that has been checked. */
export const TICKET = z.object({
  /** The client's id. */
  client: z.string(),
  redirect: z.string(),
  /** As the client gave it; null where it gave none. */
  state: z.string().nullable(),
  /** PKCE, S256. */
  challenge: z.string(),
  scopes: z.array(z.string()),
  /** The digest of the browser's cookie. */
  browser: z.string(),
});

export type Ticket = z.output<typeof TICKET>;

const MINUTES = 10;
const AUDIENCE = "consent";

export interface Tickets {
  seal(ticket: Ticket): Promise<string>;
  /** `ended`: expired. `forged`: this server did not seal it. */
  open(sealed: string): Promise<Ticket | "ended" | "forged">;
}

export function createTickets(key: Uint8Array): Tickets {
  return {
    seal: (ticket) =>
      new EncryptJWT({ ticket })
        .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
        .setAudience(AUDIENCE)
        .setExpirationTime(`${MINUTES} minutes`)
        .encrypt(key),
    async open(sealed) {
      try {
        const options = { audience: AUDIENCE, keyManagementAlgorithms: ["dir"], requiredClaims: ["exp"] };
        return TICKET.parse((await jwtDecrypt(sealed, key, options)).payload["ticket"]);
      } catch (error) {
        return error instanceof errors.JWTExpired ? "ended" : "forged";
      }
    },
  };
}
