/**
 * Verifies access tokens that an issuer signed, as RFC 9068 and RFC 8725 require: in modes jwt and clerk, and the
 * gateway's in mode portkey-gateway.
 * The key comes only from the issuer's set: `jwk`, `jku`, `x5u` and `x5c` in a token's header are never used.
 */
import { createHash } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from "jose";
import { clientOf, identityOf } from "./claims.ts";
import { type IssuerKeys, KeysUnavailable } from "./issuer-keys.ts";
import { hasDuplicateNames } from "./duplicate-names.ts";
import type { Identity } from "./principal.ts";
import { findTokenFault } from "./token-fault.ts";

export interface SignedTokensOptions {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** Clients whose tokens are accepted without an audience; default: none. */
  readonly clientIds?: readonly string[];
  /** Accepts every token without an audience; default: false. */
  readonly audienceOptional?: boolean;
  /** Makes the identity from the claims; default: `identityOf`. */
  readonly read?: typeof identityOf;
  readonly algorithms: readonly string[];
  readonly keys: IssuerKeys;
  /** How far the clocks of issuer and server may differ; default: 5. */
  readonly clockToleranceSeconds?: number;
}

/** How many verified tokens are cached. */
const VERIFIED_LIMIT = 1_000;

/** A token that is not accepted; the message says why and is fit for `error_description`. */
export class InvalidToken extends Error {
  override readonly name = "InvalidToken";
}

interface VerifiedToken {
  readonly identity: Identity;
  /** When it expires, in milliseconds. */
  readonly until: number;
  /** The generation of the keys that it was verified with. */
  readonly generation: number;
}

/** Resolves with the bearer's identity. Throws InvalidToken, or KeysUnavailable while there are no keys. */
export type VerifyToken = (token: string) => Promise<Identity>;

export function createSignedTokens(options: SignedTokensOptions): VerifyToken {
  const { algorithms, audience, keys, clockToleranceSeconds: tolerance = 5 } = options;
  if (algorithms.length === 0 || algorithms.some((name) => /^(none|HS\d+)$/i.test(name))) {
    throw new TypeError("Only algorithms with a public key can be accepted.");
  }
  /** By digest, so that memory holds no token. A signature is checked once for each generation of keys. */
  const verified = new Map<string, VerifiedToken>();

  return async (token) => {
    const digest = createHash("sha256").update(token).digest("base64url");
    // Before keys are fetched, so that expired tokens and those of other issuers cause no request to the issuer.
    const claims = verified.has(digest) ? undefined : checkUnverified(token, options, tolerance);
    const generation = await keys.freshen();
    const known = verified.get(digest);
    if (known !== undefined && known.generation === generation && Date.now() < known.until) return known.identity;

    verified.delete(digest);
    const payload = await verify(token, keys, verifyOptions(claims ?? decodeJwt(token), options, tolerance));
    if (hasDuplicateNames(token)) throw new InvalidToken("The token names a claim twice.");
    const identity = (options.read ?? identityOf)(payload, audience);
    const until = ((payload.exp ?? 0) + tolerance) * 1000;
    // Verification itself may have fetched newer keys than `generation`; then the next call verifies again.
    verified.set(digest, { identity, until, generation });
    if (verified.size > VERIFIED_LIMIT) verified.delete(verified.keys().next().value as string);
    return identity;
  };
}

/**
 * What jose has to check. A token without an audience is accepted only where its client is one of `clientIds`, or
 * where audiences are optional.
 */
function verifyOptions(claims: JWTPayload, options: SignedTokensOptions, tolerance: number): JWTVerifyOptions {
  const { issuer, audience, algorithms, clientIds = [], audienceOptional = false } = options;
  const client = clientOf(claims);
  const isKnownClient = client !== null && clientIds.includes(client);
  const mayLackAudience = !("aud" in claims) && (audienceOptional || isKnownClient);
  return {
    issuer,
    algorithms: [...algorithms],
    clockTolerance: tolerance,
    requiredClaims: ["exp"],
    ...(!mayLackAudience && { audience: [...audience] }),
  };
}

/** Checks what needs no key, and returns the unverified claims. Throws InvalidToken. */
function checkUnverified(token: string, options: SignedTokensOptions, tolerance: number): JWTPayload {
  let fault: string | undefined;
  let claims: JWTPayload;
  try {
    const header = decodeProtectedHeader(token);
    claims = decodeJwt(token);
    fault = findTokenFault(header, claims, { ...options, now: Date.now() / 1000, tolerance });
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
    throw toInvalidToken(error);
  }
}

/** Tries each of the candidates: without `kid`, any of the issuer's keys may have signed the token. */
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
  throw toInvalidToken(last);
}

/** InvalidToken, with the error as its cause; KeysUnavailable is returned as it is. */
function toInvalidToken(error: unknown): Error {
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
