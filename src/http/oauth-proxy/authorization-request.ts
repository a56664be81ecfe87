/** A client's request to log a person in (RFC 6749 section 4.1.1, RFC 7636, RFC 8707), checked. */
import { SCOPE } from "../../config/scope-map.ts";
import type { ProxyClient } from "./client.ts";
import { OAuthFault, requireParameter, type Parameters } from "./parameters.ts";
import { isAdmitted, isRegistered } from "./redirect-addresses.ts";

export interface AuthorizationRequest {
  readonly redirect: string;
  readonly state: string | null;
  readonly challenge: string;
  /** Of this server's scopes only. */
  readonly scopes: readonly string[];
}

export interface Granting {
  /** Addresses that mean this server. */
  readonly resources: readonly string[];
  /** What a client gets that asks for nothing. */
  readonly usualScopes: readonly string[];
  /** Where people may be sent back to besides their own computer; null: anywhere. */
  readonly redirectHosts: readonly string[] | null;
}

const STATE_LIMIT = 2_048;

/** The address to send the person back to. Throws OAuthFault: until it is found in order, nobody is sent anywhere. */
export function redirectOf(
  parameters: Parameters,
  { redirects }: ProxyClient,
  { redirectHosts }: Pick<Granting, "redirectHosts">,
): string {
  const [only, ...others] = redirects;
  const asked = parameters.get("redirect_uri") ?? (others.length === 0 ? only : undefined);
  if (asked === undefined) throw new OAuthFault("invalid_request", "redirect_uri is missing.");
  if (!isRegistered(asked, redirects))
    throw new OAuthFault("invalid_request", "redirect_uri is not one that the client has registered.");
  if (!isAdmitted(asked, redirectHosts))
    throw new OAuthFault(
      "invalid_request",
      "redirect_uri leads to a host that MCP_OAUTH_REDIRECT_HOSTS does not name.",
    );
  return asked;
}

/** Throws OAuthFault. */
export function readRequest(parameters: Parameters, client: ProxyClient, granting: Granting): AuthorizationRequest {
  const redirect = redirectOf(parameters, client, granting);
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
  checkResource(parameters, granting);
  return { redirect, state, challenge, scopes: scopesOf(parameters.get("scope"), granting) };
}

/** Throws OAuthFault `invalid_target` where a resource is named that is not this server. */
export function checkResource(parameters: Parameters, { resources }: Granting): void {
  const resource = parameters.get("resource");
  if (resource !== undefined && !resources.includes(resource))
    throw new OAuthFault("invalid_target", "resource is not this server.");
}

/** Scopes that mean nothing here, such as openid and offline_access, are left out; the answer says what is granted. */
function scopesOf(asked: string | undefined, { usualScopes }: Granting): readonly string[] {
  if (asked === undefined) return usualScopes;
  const scopes = [...new Set(asked.split(" "))].filter((scope) => SCOPE.test(scope));
  if (scopes.length > 0 && scopes.length <= 100) return scopes;
  throw new OAuthFault("invalid_scope", `scope has none of this server's. Ask for ${usualScopes.join(" ")}.`);
}
