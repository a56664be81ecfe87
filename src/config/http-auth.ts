/**
 * The configuration of authentication from the settings: static tokens, or an issuer whose tokens are accepted.
 */
import type { AuthConfig, BearerToken, GatewayConfig, IssuerConfig } from "./http-config.ts";
import { HTTP_SETTINGS } from "./http-settings.ts";
import { checkAddresses } from "./issuer-addresses.ts";
import { oauthProxyConfig } from "./oauth-proxy.ts";
import { placeholderProblem } from "./placeholder.ts";
import type { Values } from "./setting.ts";

type HttpValues = Values<typeof HTTP_SETTINGS>;

/** RFC 6750's b64token, which excludes colons and commas. */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;
/** Characters; shorter tokens can be guessed at the rate at which the server answers. */
const LEAST_TOKEN = 16;

/** The algorithms jose verifies with a public key. HMAC is left out: an issuer's key set is public. */
const ALGORITHMS = new Set([
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
]);

/** Adds to `mistakes` what is missing or wrong for the chosen mode. Where it adds any, do not use the result. */
export function authConfig(values: HttpValues, mistakes: string[]): AuthConfig {
  const mode = values.MCP_AUTH_MODE ?? "none";
  if (mode === "none") return { mode };
  if (mode === "bearer") return { mode, tokens: bearerTokens(values, mode, mistakes) };

  if (mode === "oauth-proxy") return oauthProxyConfig(values, mistakes);
  if (mode === "portkey-gateway") return gatewayConfig(values, mistakes);
  return issuerConfig(mode, values, mistakes);
}

function gatewayConfig(values: HttpValues, mistakes: string[]): GatewayConfig {
  const jwksUrl = values.MCP_GATEWAY_JWKS_URL;
  checkAddresses({ MCP_GATEWAY_JWKS_URL: jwksUrl }, values, mistakes);
  return {
    mode: "portkey-gateway",
    tokens: bearerTokens(values, "portkey-gateway", mistakes),
    issuer: values.MCP_GATEWAY_ISSUER,
    jwksUrl,
    ...signatureConfig(values, mistakes),
  };
}

/** The default of MCP_JWT_CLOCK_TOLERANCE_SECONDS; a configuration says only what differs. */
const CLOCK_TOLERANCE_SECONDS = HTTP_SETTINGS.MCP_JWT_CLOCK_TOLERANCE_SECONDS.fallback;

function issuerConfig(mode: IssuerConfig["mode"], values: HttpValues, mistakes: string[]): IssuerConfig {
  const prefix = mode === "clerk" ? "CLERK" : "MCP_JWT";
  const issuer = values[`${prefix}_ISSUER`];
  if (issuer === null) mistakes.push(`${prefix}_ISSUER is not set. MCP_AUTH_MODE=${mode} needs it.`);
  const given = values[`${prefix}_JWKS_URL`];
  const jwksUrl = given ?? (mode === "clerk" ? `${issuer?.replace(/\/$/, "")}/.well-known/jwks.json` : null);
  checkAddresses({ [`${prefix}_ISSUER`]: issuer, [`${prefix}_JWKS_URL`]: given }, values, mistakes);
  const { MCP_JWT_CLIENT_IDS: clientIds } = values;
  return {
    mode,
    issuer: issuer ?? "",
    audience: audienceOf(prefix, values, mistakes),
    jwksUrl,
    ...signatureConfig(values, mistakes),
    ...(clientIds !== null && { clientIds }),
  };
}

/** The settings for signed tokens of any mode. */
function signatureConfig(values: HttpValues, mistakes: string[]) {
  const { MCP_JWT_ALGORITHMS: algorithms, MCP_JWT_CLOCK_TOLERANCE_SECONDS: clockToleranceSeconds } = values;
  for (const algorithm of algorithms.filter((name) => !ALGORITHMS.has(name))) {
    mistakes.push(`MCP_JWT_ALGORITHMS has "${algorithm}". Use some of: ${[...ALGORITHMS].join(", ")}.`);
  }
  return {
    algorithms,
    ...(values.MCP_ALLOW_PRIVATE_ISSUER && { allowPrivate: true }),
    ...(clockToleranceSeconds !== CLOCK_TOLERANCE_SECONDS && { clockToleranceSeconds }),
  };
}

function audienceOf(prefix: "CLERK" | "MCP_JWT", values: HttpValues, mistakes: string[]): readonly string[] {
  const given = values[`${prefix}_AUDIENCE`];
  if (given !== null) return given;
  if (values.MCP_PUBLIC_BASE_URL !== null) return [`${values.MCP_PUBLIC_BASE_URL}/mcp`];
  if (values.MCP_JWT_CLIENT_IDS === null) {
    mistakes.push(
      `${prefix}_AUDIENCE is not set. Give the audience that tokens for this server carry, or set MCP_PUBLIC_BASE_URL.`,
    );
  }
  return [];
}

function bearerTokens(values: HttpValues, mode: string, mistakes: string[]): BearerToken[] {
  const text = values.MCP_AUTH_TOKEN;
  if (text === null) {
    mistakes.push(`MCP_AUTH_TOKEN is not set. MCP_AUTH_MODE=${mode} needs a token, or several as name:token.`);
    return [];
  }
  const entries = text
    .split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  const tokens = entries.map((entry): BearerToken => {
    const colon = entry.indexOf(":");
    return colon === -1
      ? { name: "bearer", token: entry }
      : { name: entry.slice(0, colon).trim(), token: entry.slice(colon + 1).trim() };
  });
  tokens.forEach(({ name, token }, index) => {
    const which = `MCP_AUTH_TOKEN, entry ${index + 1}`;
    if (!/^[\w.@-]{1,64}$/.test(name)) mistakes.push(`${which}: the name may have letters, digits and . _ @ - only.`);
    else if (tokenProblem(token) !== undefined) mistakes.push(`${which} (${name}): ${tokenProblem(token)}`);
  });
  if (new Set(tokens.map(({ name }) => name)).size < tokens.length)
    mistakes.push("MCP_AUTH_TOKEN gives two tokens the same name. Name each: name:token.");
  if (new Set(tokens.map(({ token }) => token)).size < tokens.length)
    mistakes.push("MCP_AUTH_TOKEN gives one token two names.");
  return tokens;
}

/** Why a text cannot be a static token; undefined: it can. */
export function tokenProblem(token: string): string | undefined {
  const placeholder = placeholderProblem(token);
  if (placeholder !== undefined) return placeholder;
  if (!TOKEN.test(token)) return "the token has characters that no bearer token has.";
  return token.length < LEAST_TOKEN ? `the token is shorter than ${LEAST_TOKEN} characters.` : undefined;
}
