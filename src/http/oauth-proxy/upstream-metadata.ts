/** The issuer's endpoints: from the settings, or from its own metadata, which is cached for an hour. */
import type { AuthorizationServer } from "oauth4webapi";
import { isLoopback } from "../../config/base-url.ts";
import type { OAuthProxyConfig } from "../../config/http-config.ts";
import { discoverMetadata } from "../auth/discovery.ts";

const KEPT_MS = 3_600_000;
const TIMEOUT_MS = 10_000;

/** Returns a function for the metadata. It throws an Error that says what was wrong at each address. */
export function discoverUpstream(config: OAuthProxyConfig): () => Promise<AuthorizationServer> {
  const { issuer, endpoints } = config;
  if (issuer === null) {
    const server: AuthorizationServer = {
      issuer: new URL(endpoints?.authorization ?? "").origin,
      ...(endpoints !== null && {
        authorization_endpoint: endpoints.authorization,
        token_endpoint: endpoints.token,
      }),
    };
    return async () => server;
  }
  let known: { readonly at: number; readonly server: Promise<AuthorizationServer> } | undefined;
  return () => {
    if (known !== undefined && Date.now() - known.at < KEPT_MS) return known.server;
    const server = discover(config, issuer).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    known = { at: Date.now(), server };
    return server;
  };
}

async function discover({ allowPrivate = false }: OAuthProxyConfig, issuer: string): Promise<AuthorizationServer> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const document = await discoverMetadata(issuer, signal, allowPrivate);
  for (const name of ["authorization_endpoint", "token_endpoint"]) checkEndpoint(name, document[name], issuer);
  return document as unknown as AuthorizationServer;
}

function checkEndpoint(name: string, address: unknown, issuer: string): void {
  if (typeof address !== "string" || !URL.canParse(address)) throw new Error(`${issuer} names no ${name}.`);
  const { protocol, hostname } = new URL(address);
  if (protocol !== "https:" && !(protocol === "http:" && isLoopback(hostname)))
    throw new Error(`${issuer} names a ${name} that is not https.`);
}
