/** Checks a client's authorization request (RFC 6749, section 4.1.1; RFC 7636; RFC 8707). */
import { SCOPE } from "../../config/scope-map.ts";
import type { ProxyClient } from "./client.ts";
import { OAuthFault, requireParameter, type Parameters } from "./parameters.ts";
import { isAdmitted, isRegistered } from "./redirect-addresses.ts";

export interface AuthorizationRequest {
  readonly redirect: string;
  readonly state: string | null;
  /** PKCE, S256. */
  readonly challenge: string;
  /** Only scopes of this server. */
  readonly scopes: readonly string[];
}

/** What this server grants to clients. */
export interface GrantRules {
  /** The values of `resource` that mean this server. */
  readonly resources: readonly string[];
  /** The scopes of a client that asks for none. */
  readonly defaultScopes: readonly string[];
  /** Where people may be sent back to, besides their own computer; null: anywhere. */
  readonly redirectHosts: readonly string[] | null;
}

const STATE_LIMIT = 2_048;

/**
 * The address to send the person back to; a client that has registered only one may leave it out.
 * Throws OAuthFault where it is missing or not allowed: then the fault must not be reported by a redirect.
 */
export function requireRedirect(
  parameters: Parameters,
  { redirects }: ProxyClient,
  { redirectHosts }: Pick<GrantRules, "redirectHosts">,
): string {
  const [first, ...others] = redirects;
  const redirect = parameters.get("redirect_uri") ?? (others.length === 0 ? first : undefined);
  if (redirect === undefined) throw new OAuthFault("invalid_request", "redirect_uri is missing.");
  if (!isRegistered(redirect, redirects))
    throw new OAuthFault("invalid_request", "redirect_uri is not one that the client has registered.");
  if (!isAdmitted(redirect, redirectHosts))
    throw new OAuthFault(
      "invalid_request",
      "redirect_uri leads to a host that MCP_OAUTH_REDIRECT_HOSTS does not name.",
    );
  return redirect;
}

/** The request, checked. Throws OAuthFault. */
export function readRequest(parameters: Parameters, client: ProxyClient, rules: GrantRules): AuthorizationRequest {
  const redirect = requireRedirect(parameters, client, rules);
  for (const name of ["request", "request_uri"]) {
    if (parameters.has(name)) throw new OAuthFault(`${name}_not_supported`, `${name} is not read here.`);
  }
  if (requireParameter(parameters, "response_type") !== "code")
    throw new OAuthFault("unsupported_response_type", "response_type must be code.");
  if ((parameters.get("response_mode") ?? "query") !== "query")
    throw new OAuthFault("invalid_request", "response_mode must be query.");
  if (requireParameter(parameters, "code_challenge_method") !== "S256")
    throw new OAuthFault("invalid_request", "code_challenge_method must be S256.");
  const challenge = requireParameter(parameters, "code_challenge");
  if (!/^[\w-]{43}$/.test(challenge)) throw new OAuthFault("invalid_request", "code_challenge is not one of S256.");
  const state = parameters.get("state") ?? null;
  if ((state ?? "").length > STATE_LIMIT) throw new OAuthFault("invalid_request", "state is too long.");
  checkResource(parameters, rules);
  return { redirect, state, challenge, scopes: readScopes(parameters.get("scope"), rules) };
}

/** Throws OAuthFault `invalid_target` where a resource is named that is not this server. */
export function checkResource(parameters: Parameters, { resources }: GrantRules): void {
  const resource = parameters.get("resource");
  if (resource !== undefined && !resources.includes(resource))
    throw new OAuthFault("invalid_target", "resource is not this server.");
}

/**
 * The requested scopes that are this server's. Others, such as openid and offline_access, are left out: the token
 * response says what is granted. Throws OAuthFault `invalid_scope`.
 */
function readScopes(scope: string | undefined, { defaultScopes }: GrantRules): readonly string[] {
  if (scope === undefined) return defaultScopes;
  const scopes = [...new Set(scope.split(" "))].filter((name) => SCOPE.test(name));
  if (scopes.length > 0 && scopes.length <= 100) return scopes;
  throw new OAuthFault("invalid_scope", `scope has none of this server's. Ask for ${defaultScopes.join(" ")}.`);
}
