/**
 * Who sent a request, by the configured mode: a table of modes, each a function from the presented token to an
 * identity.
 */
import type { FastifyRequest } from "fastify";
import type { BearerToken, GatewayConfig, IssuerConfig } from "../../config/http-config.ts";
import { createForwardedIdentity, forwardedIdentity } from "../gateway/forwarded-identity.ts";
import { audiencesOf } from "./audiences.ts";
import type { AuthOptions } from "./auth-options.ts";
import { createIssuerKeys, KeysUnavailable } from "./issuer-keys.ts";
import { presentedToken } from "./presented-token.ts";
import { ANONYMOUS, type Identity } from "./principal.ts";
import { bearerRefusal, HttpRefusal, type Challenge } from "./refusal.ts";
import { authorizationServer, resourceOf } from "./resource.ts";
import { createSignedTokens, InvalidToken, type SignedTokensOptions, type VerifyToken } from "./signed-tokens.ts";
import { createStaticTokens } from "./static-tokens.ts";

/** Throws HttpRefusal; `scopes` are what a challenge asks for. */
export function createIdentify(
  options: AuthOptions,
  scopes: readonly string[],
): (request: FastifyRequest) => Promise<Identity> {
  const { config } = options;
  const verify = verifierOf(options);

  return async (request) => {
    const challenge: Challenge =
      authorizationServer(config) !== null
        ? { resourceMetadata: resourceOf(config, request).metadata, scope: scopes }
        : {};
    const presented = presentedToken(request);
    if ("error" in presented) {
      const { error, description } = presented;
      throw bearerRefusal(description, { ...challenge, error, description });
    }
    if (verify === null) return ANONYMOUS;
    if (presented.token === null)
      throw bearerRefusal("This server needs a token. Send Authorization: Bearer.", challenge);
    return verify(presented.token, request).catch((error: unknown) => {
      throw refusalOf(error, challenge);
    });
  };
}

/** What cannot be explained to the caller is passed on. */
function refusalOf(error: unknown, challenge: Challenge): unknown {
  if (error instanceof InvalidToken) {
    const { message: description } = error;
    return bearerRefusal(description, { ...challenge, error: "invalid_token", description }, { cause: error });
  }
  if (error instanceof KeysUnavailable) {
    const why = "The token cannot be checked: its issuer is not reachable. Try again.";
    return new HttpRefusal(503, why, { "retry-after": "5" }, { cause: error, reason: "issuer_away" });
  }
  return error;
}

type Identify = (token: string, request: FastifyRequest) => Promise<Identity>;

/** Null: no token is required. */
function verifierOf(options: AuthOptions): Identify | null {
  const { auth, publicBaseUrl } = options.config;
  if (auth.mode === "none") return null;
  if (auth.mode === "bearer") return staticVerifier(auth.tokens);
  if (auth.mode === "oauth-proxy") return options.ownTokens ?? refuseAll;
  if (auth.mode === "portkey-gateway") {
    const verify = signedVerifier(options, auth, { audience: [], audienceOptional: true, read: forwardedIdentity });
    return createForwardedIdentity(staticVerifier(auth.tokens), verify);
  }
  return signedVerifier(options, auth, { audience: audiencesOf(auth.audience, publicBaseUrl) });
}

function signedVerifier(
  { keys, issuerKeys: known, warn }: AuthOptions,
  auth: IssuerConfig | GatewayConfig,
  rules: Pick<SignedTokensOptions, "audience" | "audienceOptional" | "read">,
): VerifyToken {
  const { issuer, jwksUrl, allowPrivate = false } = auth;
  const made = { issuer, jwksUrl, allowPrivate, ...keys, ...(warn !== undefined && { warn }) };
  const issuerKeys = known?.get(issuer) ?? createIssuerKeys(made);
  known?.set(issuer, issuerKeys);
  return createSignedTokens({ ...auth, ...rules, keys: issuerKeys });
}

const refuseAll: VerifyToken = async () => {
  throw new InvalidToken("This server issues no tokens.");
};

function staticVerifier(tokens: readonly BearerToken[]): VerifyToken {
  const find = createStaticTokens(tokens);
  return async (token) => {
    const identity = find(token);
    if (identity === null) throw new InvalidToken("The token is not one of this server's.");
    return identity;
  };
}
