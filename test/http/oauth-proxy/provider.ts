/** A certified OpenID provider on a real socket that registers no clients, shaped as given. */
import { createServer, type ServerResponse } from "node:http";
import { decodeJwt, exportJWK, generateKeyPair, SignJWT, type CryptoKey } from "jose";
import { Provider } from "oidc-provider";
import { listen } from "../../listen.ts";

export interface ShapedProvider {
  readonly issuer: string;
  /** Requests that reached it, by path. */
  readonly seen: string[];
  /** Answers instead of the provider where it gives something. */
  intercept?: (path: string) => { status: number; body: string } | undefined;
  close(): Promise<void>;
}

export interface Shape {
  readonly clients: readonly Readonly<Record<string, unknown>>[];
  readonly scopes?: readonly string[];
  /** What access tokens are for: the audience where a client names any resource. */
  readonly audience?: string;
  /** Changes an access token's claims, which are then signed anew. */
  readonly token?: (payload: Record<string, unknown>) => void;
  /** Claims about every person. */
  readonly person?: Readonly<Record<string, unknown>>;
}

/** Starts a provider of this shape. */
export async function startProvider(shape: Shape): Promise<ShapedProvider> {
  const { token } = shape;
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://x").pathname;
    shaped.seen.push(path);
    const instead = shaped.intercept?.(path);
    if (path === "/token" && token !== undefined) changeAnswer(response, (body) => resigned(body, token, privateKey));
    if (instead === undefined) return callback(request, response);
    response.writeHead(instead.status, { "content-type": "application/json" }).end(instead.body);
  });
  const { origin: issuer } = await listen(server);
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const callback = new Provider(issuer, await settingsOf(shape, privateKey)).callback();
  const shaped: ShapedProvider = {
    issuer,
    seen: [],
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return shaped;
}

/** The library's settings for a provider of this shape, which signs with `key`. */
async function settingsOf({ clients, scopes = [], audience, person = {} }: Shape, key: CryptoKey) {
  return {
    jwks: { keys: [{ ...(await exportJWK(key)), kid: "provider", alg: "RS256", use: "sig" }] },
    clients,
    scopes: ["openid", "offline_access", ...scopes],
    claims: { openid: ["sub"], profile: Object.keys(person) },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    issueRefreshToken: () => true,
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id, ...person }) }),
    cookies: { keys: ["for tests"] },
    features: { revocation: { enabled: true }, resourceIndicators: resourcesOf(scopes, audience) },
  };
}

/** Access tokens for any resource, or for the one audience that is given. */
function resourcesOf(scopes: readonly string[], audience: string | undefined) {
  return {
    enabled: true,
    ...(audience !== undefined && { defaultResource: () => audience, useGrantedResource: () => true }),
    getResourceServerInfo: (_context: unknown, resource: string) => ({
      scope: scopes.join(" "),
      audience: audience ?? resource,
      accessTokenTTL: 300,
      accessTokenFormat: "jwt",
      jwt: { sign: { alg: "RS256" } },
    }),
  };
}

type Body = Record<string, unknown>;

/** The library itself makes no token without an audience. */
async function resigned(body: Body, change: NonNullable<Shape["token"]>, key: CryptoKey): Promise<Body> {
  if (typeof body["access_token"] !== "string") return body;
  const claims = decodeJwt(body["access_token"]) as Body;
  change(claims);
  const token = await new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "provider" }).sign(key);
  return { ...body, access_token: token };
}

/** Changes the JSON that is written to `response` in one piece. */
function changeAnswer(response: ServerResponse, change: (body: Body) => Promise<Body>): void {
  const end = response.end.bind(response) as (text: string) => void;
  const write = async (text: string) => {
    const changed = JSON.stringify(await change(JSON.parse(text) as Body));
    response.setHeader("content-length", Buffer.byteLength(changed));
    end(changed);
  };
  response.end = ((text: string | Buffer) => {
    void write(String(text));
    return response;
  }) as typeof response.end;
}
