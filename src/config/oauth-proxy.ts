/** The configuration of mode oauth-proxy from the settings. */
import { isLoopback } from "./base-url.ts";
import type { OAuthProxyConfig } from "./http-config.ts";
import type { HTTP_SETTINGS } from "./http-settings.ts";
import { checkAddresses } from "./issuer-addresses.ts";
import type { Values } from "./setting.ts";

type HttpValues = Values<typeof HTTP_SETTINGS>;

/** The settings that the mode requires, and why. */
const NEEDED = [
  ["MCP_PUBLIC_BASE_URL", "it is the name of this server as an issuer"],
  ["MCP_OAUTH_CLIENT_ID", "people log in through that client"],
  ["MCP_POLICY_FILE", "whoever can log in at the issuer could use everything; a rule with `match: anyone` says so"],
] as const;

/** A host, with its port where that is not 443; or an app's scheme with its colon. */
const REDIRECT_HOST = /^([a-z0-9.-]+(:\d{1,5})?|[a-z][a-z0-9+.-]*:)$/i;

/** Adds to `mistakes` what is missing or wrong. Where it adds any, do not use the result. */
export function oauthProxyConfig(values: HttpValues, mistakes: string[]): OAuthProxyConfig {
  for (const [name, why] of NEEDED) {
    if (values[name] === null) mistakes.push(`${name} is not set. MCP_AUTH_MODE=oauth-proxy needs it: ${why}.`);
  }
  const base = values.MCP_PUBLIC_BASE_URL;
  if (base?.startsWith("http:") && !isLoopback(new URL(base).hostname))
    mistakes.push(`MCP_PUBLIC_BASE_URL is "${base}". People log in there, so that it must be https.`);
  const { MCP_OAUTH_ISSUER: issuer, MCP_OAUTH_USERINFO_URL: userinfo } = values;
  const redirectHosts = values.MCP_OAUTH_REDIRECT_HOSTS;
  const wrong = redirectHosts?.find((host) => !REDIRECT_HOST.test(host));
  if (wrong !== undefined)
    mistakes.push(`MCP_OAUTH_REDIRECT_HOSTS has "${wrong}". Use hosts such as claude.ai, and apps such as cursor:.`);
  return {
    mode: "oauth-proxy",
    issuer,
    endpoints: endpointsOf(values, mistakes),
    userinfo,
    clientId: values.MCP_OAUTH_CLIENT_ID ?? "",
    clientSecret: values.MCP_OAUTH_CLIENT_SECRET,
    scopes: values.MCP_OAUTH_SCOPES,
    ...(redirectHosts !== null && { redirectHosts: redirectHosts.map((host) => host.toLowerCase()) }),
    ...(values.MCP_ALLOW_PRIVATE_ISSUER && { allowPrivate: true }),
  };
}

/** The endpoints of an issuer without metadata; null: it has metadata. */
function endpointsOf(values: HttpValues, mistakes: string[]): OAuthProxyConfig["endpoints"] {
  const { MCP_OAUTH_ISSUER, MCP_OAUTH_USERINFO_URL } = values;
  const { MCP_OAUTH_AUTHORIZATION_URL: authorization, MCP_OAUTH_TOKEN_URL: token } = values;
  const complete = authorization !== null && token !== null;
  if (MCP_OAUTH_ISSUER === null && !(complete && MCP_OAUTH_USERINFO_URL !== null)) {
    mistakes.push(
      "MCP_OAUTH_ISSUER is not set. Give the issuer, or for one without metadata all of " +
        "MCP_OAUTH_AUTHORIZATION_URL, MCP_OAUTH_TOKEN_URL and MCP_OAUTH_USERINFO_URL.",
    );
  }
  if (MCP_OAUTH_ISSUER !== null && (authorization !== null || token !== null)) {
    mistakes.push(
      "MCP_OAUTH_ISSUER is set, and so is MCP_OAUTH_AUTHORIZATION_URL or MCP_OAUTH_TOKEN_URL. " +
        "Its metadata names them: keep one.",
    );
  }
  const addresses = { MCP_OAUTH_ISSUER, MCP_OAUTH_USERINFO_URL };
  checkAddresses(
    { ...addresses, MCP_OAUTH_AUTHORIZATION_URL: authorization, MCP_OAUTH_TOKEN_URL: token },
    values,
    mistakes,
  );
  return complete ? { authorization, token } : null;
}
