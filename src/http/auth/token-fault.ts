/**
 * Checks a token's header and claims before its signature is verified: a table, whose first match is the fault.
 */
import type { JWTPayload, ProtectedHeaderParameters } from "jose";
import { clientOf } from "./claims.ts";

export interface Expected {
  readonly issuer: string;
  readonly algorithms: readonly string[];
  /** Seconds since the epoch. */
  readonly now: number;
  readonly tolerance: number;
}

/** Whether the token has the fault. */
type Check = (header: ProtectedHeaderParameters, claims: JWTPayload, expected: Expected) => boolean;

/** `typ` of an access token (RFC 9068), or of a JWT of no declared kind; absent with many issuers. */
const ACCESS_TOKEN_TYPES = new Set(["at+jwt", "application/at+jwt", "jwt", "application/jwt"]);
/** Keycloak's claim `typ` and Cognito's `token_use` of tokens that are not for calling an API. */
const OTHER_TOKENS = new Set(["id", "refresh", "offline", "logout"]);
const NAME_LIMIT = 256;

const CHECKS: readonly (readonly [fault: string, check: Check])[] = [
  [
    "The token's algorithm is not accepted.",
    ({ alg }, _, { algorithms }) => typeof alg !== "string" || !algorithms.includes(alg),
  ],
  [
    "The token's kid is not usable.",
    ({ kid }) => kid !== undefined && (typeof kid !== "string" || kid.length > NAME_LIMIT),
  ],
  [
    "The token is of a type that is not an access token.",
    ({ typ }) => typ !== undefined && (typeof typ !== "string" || !ACCESS_TOKEN_TYPES.has(typ.toLowerCase())),
  ],
  ["The token holds another token.", ({ cty }) => cty !== undefined],
  ["The token's critical header parameters are not understood.", ({ crit }) => crit !== undefined],
  ["The token is from another issuer.", (_, { iss }, { issuer }) => iss !== issuer],
  ["The token's subject is not usable.", (_, { sub }) => sub !== undefined && !isName(sub)],
  [
    "The token names neither a subject nor a client.",
    (_, claims) => claims.sub === undefined && !isName(clientOf(claims)),
  ],
  ["The token does not say when it expires.", (_, { exp }) => typeof exp !== "number"],
  ["The token has expired.", (_, { exp }, { now, tolerance }) => (exp ?? 0) <= now - tolerance],
  [
    "The token is not valid yet.",
    (_, { nbf }, { now, tolerance }) => nbf !== undefined && !(typeof nbf === "number" && nbf <= now + tolerance),
  ],
  [
    "The token was issued in the future.",
    (_, { iat }, { now, tolerance }) => iat !== undefined && !(typeof iat === "number" && iat <= now + tolerance),
  ],
  [
    "The token is not an access token.",
    (_, { typ, token_use: use }) => OTHER_TOKENS.has(lower(typ)) || OTHER_TOKENS.has(lower(use)),
  ],
  ["The token is an ID token.", (_, claims) => "at_hash" in claims || "c_hash" in claims],
  // Accepting such a token as a plain bearer token would undo the protection its issuer gave it (RFC 9449, section
  // 7.1).
  ["The token is bound to a key that a bearer request does not prove.", (_, { cnf }) => cnf !== undefined],
];

/** The first fault that shows without a key; undefined: there is none. */
export function findTokenFault(
  header: ProtectedHeaderParameters,
  claims: JWTPayload,
  expected: Expected,
): string | undefined {
  return CHECKS.find(([, check]) => check(header, claims, expected))?.[0];
}

function isName(value: unknown): boolean {
  return typeof value === "string" && value !== "" && value.length <= NAME_LIMIT;
}

function lower(value: unknown): string {
  return typeof value === "string" ? value.toLowerCase() : "";
}
