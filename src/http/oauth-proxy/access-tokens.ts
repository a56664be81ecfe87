/**
 * The access tokens that this server issues: JWTs of RFC 9068 with a short life, whose only audience is this server. A
 * token is valid for as long as its grant is.
 */
import { errors, jwtVerify, SignJWT, type JWTPayload } from "jose";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Identity } from "../auth/principal.ts";
import { InvalidToken, type VerifyToken } from "../auth/signed-tokens.ts";
import { RedisAway } from "../redis/link.ts";
import type { Grants } from "./grants.ts";

export const ACCESS_SECONDS = 600;
/** How long an answer of `isAlive` is cached: a grant that another instance ends is accepted here for as long. */
const CACHED_MS = 5_000;
const MAX_CACHED = 1_000;

/** The claim `person`: what a token says of the person besides RFC 9068's claims. */
const PERSON = z.object({
  kind: z.enum(["jwt", "client"]),
  issuer: z.string().optional(),
  organisation: z.string().nullable(),
  organisations: z.array(z.any()).optional(),
  roles: z.array(z.string()),
});

export interface AccessTokens {
  /** A token for the person of a grant, with all or some of its scopes. */
  sign(grant: string, identity: Identity, scopes: readonly string[]): Promise<string>;
  readonly verify: VerifyToken;
  /** The id of a token's grant, also where the token has expired; undefined: this server did not issue it. */
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
  const isAlive = cacheIsAlive(options.grants);
  const verifyOptions = {
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
      const { payload } = await jwtVerify(token, key, verifyOptions).catch((error: unknown) => {
        const isExpired = error instanceof errors.JWTExpired;
        throw new InvalidToken(isExpired ? "The token has expired." : "The token is not one of this server's.", {
          cause: error,
        });
      });
      if (!(await isAlive(String(payload["sid"])))) throw new InvalidToken("The token has been revoked.");
      return identityFrom(payload);
    },
    async grantOf(token) {
      const currentDate = new Date(0);
      const checked = await jwtVerify(token, key, { ...verifyOptions, currentDate }).catch(() => undefined);
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

/**
 * Caches `isAlive`, which every request needs. While Redis is away a grant counts as alive: its tokens soon expire, and
 * cannot be refreshed.
 */
function cacheIsAlive({ isAlive, onEnd }: AccessTokensOptions["grants"]): (grant: string) => Promise<boolean> {
  const cached = new Map<string, { readonly until: number; readonly alive: Promise<boolean> }>();
  onEnd((grant) => void cached.delete(grant));
  return (grant) => {
    const recent = cached.get(grant);
    if (recent !== undefined && Date.now() < recent.until) return recent.alive;
    const alive = isAlive(grant).catch((error: unknown) => {
      cached.delete(grant);
      if (error instanceof RedisAway) return true;
      throw error;
    });
    cached.delete(grant);
    cached.set(grant, { until: Date.now() + CACHED_MS, alive });
    const [oldest] = cached.keys();
    if (cached.size > MAX_CACHED && oldest !== undefined) cached.delete(oldest);
    return alive;
  };
}
