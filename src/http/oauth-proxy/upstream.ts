/**
 * The issuer that people log in at, as the one client that is registered there: PKCE, state, nonce and the issuer's
 * name in its answers are oauth4webapi's to make and to check.
 */
import * as oauth from "oauth4webapi";
import { isLoopback } from "../../config/base-url.ts";
import type { OAuthProxyConfig } from "../../config/http-config.ts";
import { discoverUpstream } from "./upstream-metadata.ts";
import { guardedFetch } from "./guarded-fetch.ts";

/** What is remembered of a login while the person is at the issuer. */
export interface LoginSecrets {
  readonly state: string;
  readonly verifier: string;
  readonly nonce: string;
}

/** Who logged in: claims of the ID token or of the issuer's own answer about the person. */
export interface LoggedIn {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly refreshToken: string | null;
}

/** The issuer says no: the login, or what it once granted, does not count. */
export class UpstreamRefusal extends Error {
  override readonly name = "UpstreamRefusal";
}

/** The issuer cannot be asked now, or answered what cannot be understood. */
export class UpstreamAway extends Error {
  override readonly name = "UpstreamAway";
}

/** Each method throws UpstreamRefusal or UpstreamAway. */
export interface Upstream {
  /** The host that people log in at, for the person who is asked. */
  readonly host: string;
  loginAddress(secrets: LoginSecrets): Promise<URL>;
  /** `answer` is the query that the issuer sent the person back with. */
  finish(answer: URLSearchParams, secrets: LoginSecrets): Promise<LoggedIn>;
  /** Claims only where the issuer told them anew. */
  refresh(refreshToken: string): Promise<{ claims: LoggedIn["claims"] | null; refreshToken: string }>;
  /** Best effort. */
  revoke(refreshToken: string): Promise<void>;
}

const TIMEOUT_MS = 10_000;

interface Transport {
  readonly signal: AbortSignal;
  readonly [oauth.customFetch]: ReturnType<typeof guardedFetch>;
  readonly [oauth.allowInsecureRequests]: boolean;
}

/** What every request to the issuer needs. */
interface Connection {
  readonly config: OAuthProxyConfig;
  readonly client: oauth.Client;
  readonly callback: string;
  /** Whether the issuer speaks OpenID Connect, so that an ID token says who somebody is. */
  readonly openid: boolean;
  readonly discover: () => Promise<oauth.AuthorizationServer>;
  readonly transport: () => Transport;
}

export function createUpstream(config: OAuthProxyConfig, callback: string): Upstream {
  const { hostname, host } = new URL(config.issuer ?? config.endpoints?.authorization ?? "");
  const fetchGuarded = guardedFetch(config.allowPrivate === true || isLoopback(hostname));
  const connection: Connection = {
    config,
    client: { client_id: config.clientId },
    callback,
    openid: config.scopes.includes("openid") && config.issuer !== null,
    discover: discoverUpstream(config),
    transport: () => ({
      signal: AbortSignal.timeout(TIMEOUT_MS),
      [oauth.customFetch]: fetchGuarded,
      [oauth.allowInsecureRequests]: isLoopback(hostname),
    }),
  };
  return {
    host,
    loginAddress: (secrets) => explainFailure(() => loginAddress(connection, secrets)),
    finish: (answer, secrets) => explainFailure(() => finish(connection, answer, secrets)),
    refresh: (refreshToken) => explainFailure(() => refresh(connection, refreshToken)),
    revoke: (refreshToken) => revoke(connection, refreshToken).catch(() => undefined),
  };
}

async function finish(connection: Connection, answer: URLSearchParams, secrets: LoginSecrets): Promise<LoggedIn> {
  const { client, callback, openid, transport } = connection;
  const as = await connection.discover();
  const checked = oauth.validateAuthResponse(as, client, answer, secrets.state);
  const prove = authenticationOf(as, connection.config.clientSecret);
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    prove,
    checked,
    callback,
    secrets.verifier,
    transport(),
  );
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, {
    ...(openid && { expectedNonce: secrets.nonce, requireIdToken: true }),
  });
  return { claims: await claimsOf(connection, as, tokens, response), refreshToken: tokens.refresh_token ?? null };
}

async function refresh(connection: Connection, refreshToken: string): ReturnType<Upstream["refresh"]> {
  const { client, openid, transport } = connection;
  const as = await connection.discover();
  const prove = authenticationOf(as, connection.config.clientSecret);
  const response = await oauth.refreshTokenGrantRequest(as, client, prove, refreshToken, transport());
  const tokens = await oauth.processRefreshTokenResponse(as, client, response);
  const told = tokens.id_token !== undefined || !openid;
  return {
    claims: told ? await claimsOf(connection, as, tokens, response) : null,
    refreshToken: tokens.refresh_token ?? refreshToken,
  };
}

async function revoke({ client, config, discover, transport }: Connection, refreshToken: string): Promise<void> {
  const as = await discover();
  if (as.revocation_endpoint === undefined) return;
  await oauth.revocationRequest(as, client, authenticationOf(as, config.clientSecret), refreshToken, transport());
}

/** `response` is the one that brought `tokens`: its ID token's signature is checked. */
async function claimsOf(
  { config, transport }: Connection,
  as: oauth.AuthorizationServer,
  tokens: oauth.TokenEndpointResponse,
  response: Response,
): Promise<LoggedIn["claims"]> {
  const idToken = oauth.getValidatedIdTokenClaims(tokens);
  if (idToken !== undefined && as.jwks_uri !== undefined)
    await oauth.validateApplicationLevelSignature(as, response, transport());
  const userinfo = config.userinfo ?? (idToken === undefined ? as.userinfo_endpoint : undefined);
  if (userinfo === undefined) return withSubject({ ...idToken });
  const url = new URL(userinfo);
  const headers = new Headers({ accept: "application/json", "user-agent": "portkey-admin-mcp" });
  const answer = await oauth.protectedResourceRequest(tokens.access_token, "GET", url, headers, null, transport());
  if (answer.status !== 200) throw new UpstreamAway(`${url.host} says nothing about the person (${answer.status})`);
  return withSubject({ ...((await answer.json()) as Record<string, unknown>), ...idToken });
}

async function loginAddress(connection: Connection, secrets: LoginSecrets): Promise<URL> {
  const { config, callback, openid } = connection;
  const as = await connection.discover();
  const url = new URL(as.authorization_endpoint ?? "");
  const parameters: Readonly<Record<string, string>> = {
    client_id: config.clientId,
    response_type: "code",
    redirect_uri: callback,
    scope: config.scopes.join(" "),
    state: secrets.state,
    code_challenge: await oauth.calculatePKCECodeChallenge(secrets.verifier),
    code_challenge_method: "S256",
    ...(openid && { nonce: secrets.nonce }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
}

/** By what the issuer says it takes; `client_secret_basic` where it says nothing (RFC 8414, section 2). */
function authenticationOf(as: oauth.AuthorizationServer, secret: string | null): oauth.ClientAuth {
  if (secret === null) return oauth.None();
  const methods = as.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  return methods.includes("client_secret_basic") ? oauth.ClientSecretBasic(secret) : oauth.ClientSecretPost(secret);
}

/** Where the subject is called otherwise, as at issuers that are older than OpenID Connect. */
function withSubject(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const subject = claims["sub"] ?? claims["id"];
  const usable = typeof subject === "string" ? subject !== "" : Number.isSafeInteger(subject);
  if (!usable || String(subject).length > 256) throw new UpstreamAway("the issuer does not say who the person is");
  return { ...claims, sub: String(subject) };
}

/** The library's errors, as what they mean here. */
async function explainFailure<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UpstreamRefusal || error instanceof UpstreamAway) throw error;
    if (error instanceof oauth.AuthorizationResponseError) throw new UpstreamRefusal(error.error, { cause: error });
    if (error instanceof oauth.ResponseBodyError && error.error === "invalid_grant")
      throw new UpstreamRefusal(error.error, { cause: error });
    throw new UpstreamAway((error as Error).message, { cause: error });
  }
}
