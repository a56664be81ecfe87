/** A certified OpenID provider on a real socket. */
import { createServer } from "node:http";
import { exportJWK, generateKeyPair } from "jose";
import { Provider } from "oidc-provider";
import { listen } from "../../listen.ts";

export interface IdentityProvider {
  readonly issuer: string;
  close(): Promise<void>;
}

/**
 * Registers clients by itself, demands PKCE, and issues signed access tokens for any of `resources`, with the scopes
 * asked for.
 */
export async function startIdentityProvider(
  resources: readonly string[],
  scopes: readonly string[],
): Promise<IdentityProvider> {
  const server = createServer((request, response) => callback(request, response));
  const { origin: issuer } = await listen(server);
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const provider = new Provider(issuer, {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: "provider", alg: "RS256", use: "sig" }] },
    scopes: ["openid", ...scopes],
    pkce: { required: () => true },
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    cookies: { keys: ["for tests"] },
    features: {
      registration: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context: unknown, indicator: string) => {
          if (!resources.includes(indicator)) throw new Error(`not a resource of this provider: ${indicator}`);
          return {
            scope: scopes.join(" "),
            audience: indicator,
            accessTokenTTL: 300,
            accessTokenFormat: "jwt",
            jwt: { sign: { alg: "RS256" } },
          };
        },
      },
    },
  });
  const callback = provider.callback();
  return {
    issuer,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
