/**
 * Modes jwt and clerk: access tokens signed by an issuer, checked as RFC 9068 and RFC 8725 ask.
 * The key comes from the issuer's set alone: `jwk`, `jku`, `x5u` and `x5c` in a token's header are never looked at.
 */
import { createHash } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from "jose";
import { clientOf, identityOf } from "./claims.ts";
import { type IssuerKeys, KeysUnavailable } from "./issuer-keys.ts";
import { hasDuplicateNames } from "./duplicate-names.ts";
import type { Identity } from "./principal.ts";
import { faultOf } from "./token-fault.ts";

export interface SignedTokensOptions {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** Clients whose tokens may name no audience at all; default: none. */
  readonly clientIds?: readonly string[];
  /** No token has to name an audience; default: false. */
  readonly audienceOptional?: boolean;
  /** What the claims say of the bearer; default: `identityOf`. */
  readonly read?: typeof identityOf;
  readonly algorithms: readonly string[];
  readonly keys: IssuerKeys;
  /** Clocks of issuer and server may differ by this much; default: 5. */
  readonly clockToleranceSeconds?: number;
}

const VERIFIED_LIMIT = 1_000;

/** A token that is not accepted; the message says why and is fit for `error_description`. */
export class InvalidToken extends Error {
  override readonly name = "InvalidToken";
}

interface Verified {
  readonly identity: Identity;
  readonly until: number;
  readonly generation: number;
}

/** Resolves with the bearer's identity. Throws InvalidToken, or KeysUnavailable where no token can be judged. */
export type VerifyToken = (token: string) => Promise<Identity>;

export function createSignedTokens(options: SignedTokensOptions): VerifyToken {
  const { algorithms, audience, keys, clockToleranceSeconds: tolerance = 5 } = options;
  if (algorithms.length === 0 || algorithms.some((name) => /^(none|HS\d+)$/i.test(name))) {
    throw new TypeError("Only algorithms with a public key can be accepted.");
  }
  /** By digest, so that no token is kept. A signature is checked once per set of keys. */
  const verified = new Map<string, Verified>();

  return async (token) => {
    const digest = createHash("sha256").update(token).digest("base64url");
    // Before any key is fetched: a token of another issuer or one that has run out costs the issuer nothing.
    const claims = verified.has(digest) ? undefined : refuseAtSight(token, options, tolerance);
    const generation = await keys.freshen();
    const known = verified.get(digest);
    if (known !== undefined && known.generation === generation && Date.now() < known.until) return known.identity;

    verified.delete(digest);
    const payload = await verify(token, keys, wantedOf(claims ?? decodeJwt(token), options, tolerance));
    if (hasDuplicateNames(token)) throw new InvalidToken("The token names a claim twice.");
    const identity = (options.read ?? identityOf)(payload, audience);
    const until = ((payload.exp ?? 0) + tolerance) * 1000;
    // Verification may itself have fetched newer keys; then the next call checks again.
    verified.set(digest, { identity, until, generation });
    if (verified.size > VERIFIED_LIMIT) verified.delete(verified.keys().next().value as string);
    return identity;
  };
}

/**
 * What jose is to check. A token that names no audience at all is meant for the client it was issued to, which must
 * then be one of ours; one that names any is held to that.
 */
function wantedOf(claims: JWTPayload, options: SignedTokensOptions, tolerance: number): JWTVerifyOptions {
  const { issuer, audience, algorithms, clientIds = [], audienceOptional = false } = options;
  const client = clientOf(claims);
  const ours = !("aud" in claims) && (audienceOptional || (client !== null && clientIds.includes(client)));
  return {
    issuer,
    algorithms: [...algorithms],
    clockTolerance: tolerance,
    requiredClaims: ["exp"],
    ...(!ours && { audience: [...audience] }),
  };
}

/** Everything that can be said of a token without a key; its claims where nothing is wrong so far. */
function refuseAtSight(token: string, options: SignedTokensOptions, tolerance: number): JWTPayload {
  let fault: string | undefined;
  let claims: JWTPayload;
  try {
    const header = decodeProtectedHeader(token);
    claims = decodeJwt(token);
    fault = faultOf(header, claims, { ...options, now: Date.now() / 1000, tolerance });
  } catch (cause) {
    throw new InvalidToken("The token is not a signed JWT.", { cause });
  }
  if (fault !== undefined) throw new InvalidToken(fault);
  return claims;
}

async function verify(token: string, keys: IssuerKeys, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, (header) => keys.find(header), options)).payload;
  } catch (error) {
    if (error instanceof errors.JWKSMultipleMatchingKeys) return verifyWithEach(token, error, options);
    throw refusalOf(error);
  }
}

/** A token without `kid`, and an issuer with several keys: any of them may have signed it. */
async function verifyWithEach(
  token: string,
  candidates: errors.JWKSMultipleMatchingKeys,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  let last: unknown = candidates;
  for await (const key of candidates) {
    try {
      return (await jwtVerify(token, key, options)).payload;
    } catch (error) {
      last = error;
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) break;
    }
  }
  throw refusalOf(last);
}

function refusalOf(error: unknown): Error {
  if (error instanceof KeysUnavailable) return error;
  return new InvalidToken(describe(error), { cause: error });
}

function describe(error: unknown): string {
  if (error instanceof errors.JWTExpired) return "The token has expired.";
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.claim === "aud"
      ? "The token is not meant for this server (aud)."
      : `The token's claim ${error.claim} is missing or not accepted.`;
  }
  if (error instanceof errors.JWKSNoMatchingKey)
    return "The token is signed with a key that the issuer does not publish.";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "The token's signature is wrong.";
  return "The token is not a valid signed JWT.";
}
