/** A server in mode oauth-proxy on a free port, before a provider that knows one client. */
import type { HttpConfig, OAuthProxyConfig } from "../../../src/config/http-config.ts";
import { serve, type Served, type ServedOptions } from "../auth/served.ts";
import { HTTP_CONFIG } from "../http-config.ts";
import { startProvider, type Shape, type ShapedProvider } from "./provider.ts";
import { freePort } from "../../free-port.ts";

export interface Facade {
  readonly base: string;
  readonly mcp: URL;
  readonly auth: OAuthProxyConfig;
  readonly http: HttpConfig;
  readonly server: Served;
  readonly provider: ShapedProvider;
  /** Another instance with the same settings, on the same public address. */
  another(): Promise<{ readonly base: string; readonly server: Served }>;
  close(): Promise<void>;
}

const EVERYBODY = { path: "policy.yaml", text: "version: 1\nrules: [{ name: all, match: anyone }]" };
export const SECRET = "the-secret-of-the-one-client-that-is-registered";
const ALICE = { email: "alice@example.com", email_verified: true, groups: ["platform"] };

export interface FacadeOptions extends ServedOptions {
  readonly auth?: Partial<OAuthProxyConfig>;
  readonly config?: Partial<HttpConfig>;
  readonly shape?: Partial<Shape>;
  readonly port?: number;
  /** Where it is reached, if not directly. */
  readonly base?: string;
}

/** Starts the provider, and the server before it. */
export async function startFacade({
  config = {},
  auth = {},
  shape = {},
  port: givenPort,
  base: givenBase,
  ...options
}: FacadeOptions = {}): Promise<Facade> {
  const port = givenPort ?? (await freePort());
  const base = givenBase ?? `http://127.0.0.1:${port}`;
  const provider = await startProvider({ clients: [clientAt(base)], person: ALICE, ...shape });
  const proxy: OAuthProxyConfig = { ...settingsBefore(provider), ...auth };
  const given: Partial<HttpConfig> = { publicBaseUrl: base, policyFile: EVERYBODY, auth: proxy, ...config };
  const started = [await serve({ port, ...given }, options)];
  return {
    base,
    auth: proxy,
    http: { ...HTTP_CONFIG, ...given },
    mcp: new URL(`${base}/mcp`),
    server: started[0] as Served,
    provider,
    async another() {
      const other = await freePort();
      const server = await serve({ port: other, ...given }, options);
      started.push(server);
      return { base: `http://127.0.0.1:${other}`, server };
    },
    async close() {
      for (const server of started) await server.stop();
      await provider.close();
    },
  };
}

/** The one client that the provider knows: a server that is reached at `base`. */
function clientAt(base: string) {
  return {
    client_id: "portkey-mcp",
    client_secret: SECRET,
    redirect_uris: [`${base}/oauth/callback`],
    grant_types: ["authorization_code", "refresh_token"],
  };
}

/** The settings of a server that logs in at this provider, as that client. */
function settingsBefore({ issuer }: ShapedProvider): OAuthProxyConfig {
  return {
    mode: "oauth-proxy",
    issuer,
    endpoints: null,
    userinfo: null,
    clientId: "portkey-mcp",
    clientSecret: SECRET,
    scopes: ["openid", "profile"],
  };
}
