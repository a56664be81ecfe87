/**
 * The issuer at which people log in. To it, this server is the one client that is registered there.
 * oauth4webapi creates and checks PKCE, state and nonce, and checks the issuer's name in its responses.
 */
import * as oauth from "oauth4webapi";
import { isLoopback } from "../../config/base-url.ts";
import type { OAuthProxyConfig } from "../../config/http-config.ts";
import { discoverUpstream } from "./upstream-metadata.ts";
import { guardedFetch } from "./guarded-fetch.ts";

/** The secrets of a login, kept while the person is at the issuer. */
export interface LoginSecrets {
  readonly state: string;
  readonly verifier: string;
  readonly nonce: string;
}

/** The result of a login. Claims are those of the ID token, of the userinfo endpoint, or of both. */
export interface LoggedIn {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly refreshToken: string | null;
}

/** The issuer refused: the login failed, or its refresh token is not valid any more. */
export class UpstreamRefusal extends Error {
  override readonly name = "UpstreamRefusal";
}

/** The issuer cannot be reached, or its response is invalid. */
export class UpstreamAway extends Error {
  override readonly name = "UpstreamAway";
}

/** Each method throws UpstreamRefusal or UpstreamAway. */
export interface Upstream {
  /** The host at which people log in. */
  readonly host: string;
  /** The address that starts a login. */
  loginAddress(secrets: LoginSecrets): Promise<URL>;
  /** Completes a login. `answer` is the query of the issuer's redirect. */
  finish(answer: URLSearchParams, secrets: LoginSecrets): Promise<LoggedIn>;
  /** `claims` is null where the issuer's response has none. */
  refresh(refreshToken: string): Promise<{ claims: LoggedIn["claims"] | null; refreshToken: string }>;
  /** Revokes a refresh token at the issuer; failures are ignored. */
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
  /** Whether the issuer is used with OpenID Connect, and an ID token says who the person is. */
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
  const prove = clientAuthentication(as, connection.config.clientSecret);
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
  return { claims: await readClaims(connection, as, tokens, response), refreshToken: tokens.refresh_token ?? null };
}

async function refresh(connection: Connection, refreshToken: string): ReturnType<Upstream["refresh"]> {
  const { client, openid, transport } = connection;
  const as = await connection.discover();
  const prove = clientAuthentication(as, connection.config.clientSecret);
  const response = await oauth.refreshTokenGrantRequest(as, client, prove, refreshToken, transport());
  const tokens = await oauth.processRefreshTokenResponse(as, client, response);
  const hasClaims = tokens.id_token !== undefined || !openid;
  return {
    claims: hasClaims ? await readClaims(connection, as, tokens, response) : null,
    refreshToken: tokens.refresh_token ?? refreshToken,
  };
}

async function revoke({ client, config, discover, transport }: Connection, refreshToken: string): Promise<void> {
  const as = await discover();
  if (as.revocation_endpoint === undefined) return;
  await oauth.revocationRequest(as, client, clientAuthentication(as, config.clientSecret), refreshToken, transport());
}

/** The person's claims. `response` is the one that `tokens` came in: its ID token's signature is verified. */
async function readClaims(
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

/** How to authenticate at the issuer, by its metadata; by default `client_secret_basic` (RFC 8414, section 2). */
function clientAuthentication(as: oauth.AuthorizationServer, secret: string | null): oauth.ClientAuth {
  if (secret === null) return oauth.None();
  const methods = as.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  return methods.includes("client_secret_basic") ? oauth.ClientSecretBasic(secret) : oauth.ClientSecretPost(secret);
}

/** The claims with `sub`, taken from `id` at issuers that are older than OpenID Connect. Throws UpstreamAway. */
function withSubject(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const subject = claims["sub"] ?? claims["id"];
  const usable = typeof subject === "string" ? subject !== "" : Number.isSafeInteger(subject);
  if (!usable || String(subject).length > 256) throw new UpstreamAway("the issuer does not say who the person is");
  return { ...claims, sub: String(subject) };
}

/** Runs `work` and turns errors of the library into UpstreamRefusal or UpstreamAway. */
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
