/** Finds out who sent a request, by the token it presents and the configured authentication mode. */
import type { FastifyRequest } from "fastify";
import type { BearerToken, GatewayConfig, IssuerConfig } from "../../config/http-config.ts";
import { createForwardedIdentity, forwardedIdentity } from "../gateway/forwarded-identity.ts";
import { acceptedAudiences } from "./audiences.ts";
import type { AuthOptions } from "./auth-options.ts";
import { createIssuerKeys, KeysUnavailable } from "./issuer-keys.ts";
import { presentedToken } from "./presented-token.ts";
import { ANONYMOUS, type Identity } from "./principal.ts";
import { bearerRefusal, HttpRefusal, type Challenge } from "./refusal.ts";
import { authorizationServer, resourceOf } from "./resource.ts";
import { createSignedTokens, InvalidToken, type SignedTokensOptions, type VerifyToken } from "./signed-tokens.ts";
import { createStaticTokens } from "./static-tokens.ts";

/** The returned function throws HttpRefusal; its challenges name `scopes`. */
export function createIdentify(
  options: AuthOptions,
  scopes: readonly string[],
): (request: FastifyRequest) => Promise<Identity> {
  const { config } = options;
  const verify = createVerifier(options);

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
      throw toRefusal(error, challenge);
    });
  };
}

/** The refusal to answer with; other errors are returned as they are. */
function toRefusal(error: unknown, challenge: Challenge): unknown {
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

type Verify = (token: string, request: FastifyRequest) => Promise<Identity>;

/** Null: no token is required. */
function createVerifier(options: AuthOptions): Verify | null {
  const { auth, publicBaseUrl } = options.config;
  if (auth.mode === "none") return null;
  if (auth.mode === "bearer") return staticVerifier(auth.tokens);
  if (auth.mode === "oauth-proxy") return options.ownTokens ?? refuseAll;
  if (auth.mode === "portkey-gateway") {
    const verify = signedVerifier(options, auth, { audience: [], audienceOptional: true, read: forwardedIdentity });
    return createForwardedIdentity(staticVerifier(auth.tokens), verify);
  }
  return signedVerifier(options, auth, { audience: acceptedAudiences(auth.audience, publicBaseUrl) });
}

function signedVerifier(
  { keys: timing, issuerKeys: sharedKeys, warn }: AuthOptions,
  auth: IssuerConfig | GatewayConfig,
  rules: Pick<SignedTokensOptions, "audience" | "audienceOptional" | "read">,
): VerifyToken {
  const { issuer, jwksUrl, allowPrivate = false } = auth;
  const keyOptions = { issuer, jwksUrl, allowPrivate, ...timing, ...(warn !== undefined && { warn }) };
  const keys = sharedKeys?.get(issuer) ?? createIssuerKeys(keyOptions);
  sharedKeys?.set(issuer, keys);
  return createSignedTokens({ ...auth, ...rules, keys });
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
