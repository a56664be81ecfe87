/**
 * Modes jwt and clerk: access tokens signed by an issuer, checked as RFC 9068 and RFC 8725 ask.
 * The key comes from the issuer's set alone: `jwk`, `jku`, `x5u` and `x5c` in a token's header are never looked at.
 */
import { createHash } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from "jose";
import { identityOf } from "./claims.ts";
import { type IssuerKeys, KeysUnavailable } from "./issuer-keys.ts";
import { hasDuplicateNames } from "./duplicate-names.ts";
import type { Identity } from "./principal.ts";
import { faultOf } from "./token-fault.ts";

export interface SignedTokensOptions {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly algorithms: readonly string[];
  readonly keys: IssuerKeys;
}

/** Clocks of issuer and server may differ by this much. */
const CLOCK_TOLERANCE_SECONDS = 5;
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

export function createSignedTokens({ issuer, audience, algorithms, keys }: SignedTokensOptions): VerifyToken {
  if (algorithms.length === 0 || algorithms.some((name) => /^(none|HS\d+)$/i.test(name))) {
    throw new TypeError("Only algorithms with a public key can be accepted.");
  }
  const options: JWTVerifyOptions = {
    issuer,
    audience: [...audience],
    algorithms: [...algorithms],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ["exp", "sub"],
  };
  /** By digest, so that no token is kept. A signature is checked once per set of keys. */
  const verified = new Map<string, Verified>();

  return async (token) => {
    const digest = createHash("sha256").update(token).digest("base64url");
    // Before any key is fetched: a token of another issuer or one that has run out costs the issuer nothing.
    if (!verified.has(digest)) refuseAtSight(token, issuer, algorithms);
    const generation = await keys.freshen();
    const known = verified.get(digest);
    if (known !== undefined && known.generation === generation && Date.now() < known.until) return known.identity;

    verified.delete(digest);
    const payload = await verify(token, keys, options);
    if (hasDuplicateNames(token)) throw new InvalidToken("The token names a claim twice.");
    if (typeof payload.sub !== "string" || payload.sub === "")
      throw new InvalidToken("The token's claim sub is missing or not accepted.");
    const identity = identityOf(payload, audience);
    const until = ((payload.exp ?? 0) + CLOCK_TOLERANCE_SECONDS) * 1000;
    // Verification may itself have fetched newer keys; then the next call checks again.
    verified.set(digest, { identity, until, generation });
    if (verified.size > VERIFIED_LIMIT) verified.delete(verified.keys().next().value as string);
    return identity;
  };
}

/** Everything that can be said of a token without a key. */
function refuseAtSight(token: string, issuer: string, algorithms: readonly string[]): void {
  let fault: string | undefined;
  try {
    const header = decodeProtectedHeader(token);
    const claims = decodeJwt(token);
    fault = faultOf(header, claims, { issuer, algorithms, now: Date.now() / 1000, tolerance: CLOCK_TOLERANCE_SECONDS });
  } catch (cause) {
    throw new InvalidToken("The token is not a signed JWT.", { cause });
  }
  if (fault !== undefined) throw new InvalidToken(fault);
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
