/**
 * Who sent a request, by the configured mode: a table of modes, each a function from the presented token to an
 * identity.
 */
import type { FastifyRequest } from "fastify";
import type { AuthConfig } from "../../config/http-config.ts";
import type { AuthOptions } from "./auth-options.ts";
import { createIssuerKeys, KeysUnavailable } from "./issuer-keys.ts";
import { presentedToken } from "./presented-token.ts";
import { ANONYMOUS, type Identity } from "./principal.ts";
import { bearerRefusal, HttpRefusal, type Challenge } from "./refusal.ts";
import { resourceOf } from "./resource.ts";
import { createSignedTokens, InvalidToken, type VerifyToken } from "./signed-tokens.ts";
import { createStaticTokens } from "./static-tokens.ts";

/** Throws HttpRefusal; `scopes` are what a challenge asks for. */
export function createIdentify(
  options: AuthOptions,
  scopes: readonly string[],
): (request: FastifyRequest) => Promise<Identity> {
  const { config } = options;
  const verify = verifierOf(config.auth, options);

  return async (request) => {
    const oauth = config.auth.mode === "jwt" || config.auth.mode === "clerk";
    const challenge: Challenge = oauth ? { resourceMetadata: resourceOf(config, request).metadata, scope: scopes } : {};
    const presented = presentedToken(request);
    if ("error" in presented) {
      const { error, description } = presented;
      throw bearerRefusal(description, { ...challenge, error, description });
    }
    if (verify === null) return ANONYMOUS;
    if (presented.token === null)
      throw bearerRefusal("This server needs a token. Send Authorization: Bearer.", challenge);
    try {
      return await verify(presented.token);
    } catch (error) {
      if (error instanceof InvalidToken) {
        throw bearerRefusal(
          error.message,
          { ...challenge, error: "invalid_token", description: error.message },
          { cause: error },
        );
      }
      if (error instanceof KeysUnavailable) {
        throw new HttpRefusal(
          503,
          "The token cannot be checked: its issuer is not reachable. Try again.",
          { "retry-after": "5" },
          { cause: error },
        );
      }
      throw error;
    }
  };
}

/** Null: no token is required. */
function verifierOf(auth: AuthConfig, { keys, warn }: AuthOptions): VerifyToken | null {
  if (auth.mode === "none") return null;
  if (auth.mode === "bearer") {
    const find = createStaticTokens(auth.tokens);
    return async (token) => {
      const identity = find(token);
      if (identity === null) throw new InvalidToken("The token is not one of this server's.");
      return identity;
    };
  }
  const { issuer, jwksUrl, audience, algorithms, allowPrivate = false } = auth;
  const issuerKeys = createIssuerKeys({ issuer, jwksUrl, allowPrivate, ...keys, ...(warn !== undefined && { warn }) });
  return createSignedTokens({ issuer, audience, algorithms, keys: issuerKeys });
}
