/** A token issuer on a real socket: metadata, a key set that can be rotated, and tokens with any header and claims. */
import { createServer, type Server } from "node:http";
import {
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
} from "jose";
import { afterAll, beforeAll } from "vitest";
import type { IssuerConfig } from "../../../src/config/http-config.ts";
import { listen } from "../../listen.ts";

export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** A new pair of keys of an algorithm. */
export async function makeKey(kid: string, alg = "ES256"): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: "sig" } };
}

export interface Issuer {
  readonly url: string;
  /** What the key set shows; changed by rotation. */
  keys: JWK[];
  /** Fetches of the key set so far. */
  fetches: number;
  /** Overrides the answer of a path. */
  answers: Record<string, { status: number; body: string; headers?: Record<string, string> }>;
  close(): Promise<void>;
}

/** Starts an issuer with these keys, its metadata below `path`. */
export async function startIssuer(keys: readonly SigningKey[], path = ""): Promise<Issuer> {
  const server: Server = createServer((request, response) => {
    const at = request.url ?? "";
    const override = issuer.answers[at];
    if (override !== undefined) {
      response.writeHead(override.status, override.headers).end(override.body);
    } else if (at === `${path}/keys`) {
      issuer.fetches += 1;
      response.setHeader("content-type", "application/json").end(JSON.stringify({ keys: issuer.keys }));
    } else if (at === `${path}/.well-known/openid-configuration`) {
      response
        .setHeader("content-type", "application/json")
        .end(JSON.stringify({ issuer: issuer.url, jwks_uri: `${issuer.url}/keys` }));
    } else {
      response.writeHead(404).end();
    }
  });
  const { origin } = await listen(server);
  const issuer: Issuer = {
    url: `${origin}${path}`,
    keys: keys.map(({ publicJwk }) => publicJwk),
    fetches: 0,
    answers: {},
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return issuer;
}

/** The settings of a server that accepts an issuer's tokens for `audience`; `more` replaces what is usual. */
export function trusting(
  { url }: Pick<Issuer, "url">,
  audience: string,
  more: Partial<IssuerConfig> = {},
): IssuerConfig {
  return { mode: "jwt", issuer: url, audience: [audience], jwksUrl: null, algorithms: ["ES256"], ...more };
}

/** An issuer with one key for the tests of a file, or of a `describe`. */
export function useIssuer(alg?: string) {
  let key: SigningKey;
  let issuer: Issuer;
  beforeAll(async () => {
    key = await makeKey("one", alg);
    issuer = await startIssuer([key]);
  });
  afterAll(() => issuer.close());
  return {
    get url() {
      return issuer.url;
    },
    get key() {
      return key;
    },
    /** A token of this issuer's. */
    sign: (claims: JWTPayload, header: Partial<JWTHeaderParameters> = {}) =>
      sign(key, { iss: issuer.url, ...claims }, header),
  };
}

/** A signed token; what is given replaces the usual header and claims, undefined removes. */
export async function sign(
  key: SigningKey,
  claims: JWTPayload,
  header: Partial<JWTHeaderParameters> = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const payload: JWTPayload = { sub: "alice", iat: now, exp: now + 300, ...claims };
  const clean = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined));
  return new SignJWT(clean)
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: "at+jwt", ...header } as JWTHeaderParameters)
    .sign(key.privateKey);
}

/** A token put together by hand, signed by `signer` over the exact bytes. */
export function assemble(header: unknown, payload: unknown, signer: (input: string) => Buffer | string): string {
  const part = (value: unknown) =>
    Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
  const input = `${part(header)}.${part(payload)}`;
  const signature = signer(input);
  return `${input}.${typeof signature === "string" ? signature : signature.toString("base64url")}`;
}
