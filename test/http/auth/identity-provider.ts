/** A certified OpenID provider on a real socket, and the person who logs in at it. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair } from "jose";
import { Provider } from "oidc-provider";

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
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
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

/**
 * A person with a browser: goes where the authorization address leads, signs in as `name`, agrees to what is asked, and
 * returns the address that the provider sends them back to.
 */
export async function logIn(authorization: URL, name: string, redirect: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let [url, form]: [URL, URLSearchParams | undefined] = [authorization, undefined];
  for (let step = 0; step < 12; step += 1) {
    const response = await fetch(url, {
      method: form === undefined ? "GET" : "POST",
      redirect: "manual",
      headers: { cookie: [...cookies].map(([key, value]) => `${key}=${value}`).join("; ") },
      ...(form && { body: form }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, key, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (key !== undefined) cookies.set(key, value ?? "");
    }
    const location = response.headers.get("location");
    const page = await response.text();
    if (location !== null) {
      [url, form] = [new URL(location, url), undefined];
      if (url.href.startsWith(redirect)) return url;
      continue;
    }
    const action = /action="([^"]+)"/.exec(page)?.[1];
    const prompt = /name="prompt" value="([^"]+)"/.exec(page)?.[1];
    if (action === undefined || prompt === undefined)
      throw new Error(`${url.href} answered ${response.status}: ${page.slice(0, 300)}`);
    [url, form] = [new URL(action, url), new URLSearchParams({ prompt, login: name, password: "any" })];
  }
  throw new Error("The login went round in circles.");
}
