/**
 * Access tokens of this server's own: JWTs of RFC 9068, for this server's address only, that end soon. A token counts
 * as long as its grant does.
 */
import { errors, jwtVerify, SignJWT, type JWTPayload } from "jose";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Identity } from "../auth/principal.ts";
import { InvalidToken, type VerifyToken } from "../auth/signed-tokens.ts";
import { RedisAway } from "../redis/link.ts";
import type { Grants } from "./grants.ts";

export const ACCESS_SECONDS = 600;
/** Revoked on another instance, a grant counts here for this much longer at most. */
const TRUSTED_MS = 5_000;
const REMEMBERED = 1_000;

/** What a token holds of the person besides RFC 9068's claims. */
const PERSON = z.object({
  kind: z.enum(["jwt", "client"]),
  issuer: z.string().optional(),
  organisation: z.string().nullable(),
  organisations: z.array(z.any()).optional(),
  roles: z.array(z.string()),
});

export interface AccessTokens {
  /** For the person of a grant, with some of its scopes. */
  sign(grant: string, identity: Identity, scopes: readonly string[]): Promise<string>;
  readonly verify: VerifyToken;
  /** The grant of a token, whether it has ended or not; undefined: not a token of this server's. */
  grantOf(token: string): Promise<string | undefined>;
}

export interface AccessTokensOptions {
  readonly key: Uint8Array;
  readonly issuer: string;
  readonly resource: string;
  readonly grants: Pick<Grants, "isAlive" | "onEnd">;
}

export function createAccessTokens(options: AccessTokensOptions): AccessTokens {
  const { key, issuer, resource } = options;
  const isAlive = rememberAlive(options.grants);
  const wanted = {
    issuer,
    audience: resource,
    algorithms: ["HS256"],
    typ: "at+jwt",
    requiredClaims: ["exp", "sub", "sid"],
  };
  return {
    sign(grant, { subject, client, scopes: _all, ...person }, scopes) {
      return new SignJWT({ client_id: client, scope: scopes.join(" "), sid: grant, person })
        .setProtectedHeader({ alg: "HS256", typ: "at+jwt" })
        .setIssuer(issuer)
        .setAudience(resource)
        .setSubject(subject)
        .setJti(randomUUID())
        .setIssuedAt()
        .setExpirationTime(`${ACCESS_SECONDS} s`)
        .sign(key);
    },
    async verify(token) {
      const { payload } = await jwtVerify(token, key, wanted).catch((error: unknown) => {
        const ended = error instanceof errors.JWTExpired;
        throw new InvalidToken(ended ? "The token has expired." : "The token is not one of this server's.", {
          cause: error,
        });
      });
      if (!(await isAlive(String(payload["sid"])))) throw new InvalidToken("The token has been revoked.");
      return identityFrom(payload);
    },
    async grantOf(token) {
      const currentDate = new Date(0);
      const checked = await jwtVerify(token, key, { ...wanted, currentDate }).catch(() => undefined);
      return checked === undefined ? undefined : String(checked.payload["sid"]);
    },
  };
}

function identityFrom(payload: JWTPayload): Identity {
  const { issuer, organisations, ...person } = PERSON.parse(payload["person"]);
  return {
    ...person,
    ...(issuer !== undefined && { issuer }),
    ...(organisations !== undefined && { organisations: organisations as NonNullable<Identity["organisations"]> }),
    subject: String(payload.sub),
    client: String(payload["client_id"]),
    scopes: String(payload["scope"]).split(" "),
  };
}

/** Asked with every request. While Redis is away a token counts until it ends, which is soon. */
function rememberAlive({ isAlive, onEnd }: AccessTokensOptions["grants"]): (grant: string) => Promise<boolean> {
  const known = new Map<string, { readonly until: number; readonly alive: Promise<boolean> }>();
  onEnd((grant) => void known.delete(grant));
  return (grant) => {
    const recent = known.get(grant);
    if (recent !== undefined && Date.now() < recent.until) return recent.alive;
    const alive = isAlive(grant).catch((error: unknown) => {
      known.delete(grant);
      if (error instanceof RedisAway) return true;
      throw error;
    });
    known.delete(grant);
    known.set(grant, { until: Date.now() + TRUSTED_MS, alive });
    const [oldest] = known.keys();
    if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
    return alive;
  };
}
