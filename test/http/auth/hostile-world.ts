/** An issuer, an attacker beside it, and an app that trusts the issuer; and tokens that are truly signed or not. */
import { createPrivateKey, sign as signBytes } from "node:crypto";
import type { FastifyInstance, LightMyRequestResponse } from "fastify";
import { exportJWK } from "jose";
import { afterAll, beforeAll, expect } from "vitest";
import { AUDIENCE, startGuardedApp } from "./guarded-app.ts";
import { assemble, makeKey, startIssuer, trusting, type Issuer, type SigningKey } from "./issuer.ts";

const METADATA = 'resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"';

interface World {
  readonly issuer: Issuer;
  readonly other: Issuer;
  readonly rsa: SigningKey;
  readonly ec: SigningKey;
  /** Same kid as `rsa`, but nobody publishes it. */
  readonly impostor: SigningKey;
  /** Signs bytes with the true RSA key. */
  readonly trueSigner: (input: string) => Buffer;
  readonly app: FastifyInstance;
}

/** A name for the test, and the token; made when the world is there. */
export type Row = readonly [name: string, token: () => string | Promise<string>];

/** The world of this file; `world` is filled before its tests. */
export function useWorld() {
  let made: World | undefined;
  beforeAll(async () => {
    made = await makeWorld();
  });
  afterAll(async () => {
    await made?.app.close();
    await Promise.all([made?.issuer.close(), made?.other.close()]);
  });

  const world = () => made as World;
  const claims = (more: object = {}) => ({
    iss: world().issuer.url,
    aud: AUDIENCE,
    sub: "mallory",
    scope: "portkey:write",
    iat: now(),
    exp: now() + 300,
    ...more,
  });
  /** Truly signed by the issuer's key, over whatever header and claims are given. */
  const trulySigned = (head: unknown, body: unknown) => assemble(head, body, world().trueSigner);
  const post = (token: string) =>
    world().app.inject({ method: "POST", url: "/mcp", headers: { authorization: `Bearer ${token}` } });
  return { world, claims, trulySigned, post };
}

async function makeWorld(): Promise<World> {
  const [rsa, ec, impostor] = await Promise.all([
    makeKey("rsa", "RS256"),
    makeKey("ec", "ES256"),
    makeKey("rsa", "RS256"),
  ]);
  const issuer = await startIssuer([rsa, ec]);
  const other = await startIssuer([impostor]);
  const pkcs8 = createPrivateKey({ key: (await exportJWK(rsa.privateKey)) as never, format: "jwk" });
  const trueSigner = (input: string) => signBytes("sha256", Buffer.from(input), pkcs8);
  const app = startGuardedApp({
    auth: trusting(issuer, AUDIENCE, { algorithms: ["RS256", "PS256", "ES256", "EdDSA"] }),
    options: { keys: { intervalMs: 5 } },
  });
  return { issuer, other, rsa, ec, impostor, trueSigner, app };
}

/** Seconds since 1970. */
export const now = () => Math.floor(Date.now() / 1000);
/** The header of a good token, with changes. */
export const header = (more: object = {}) => ({ alg: "RS256", kid: "rsa", typ: "at+jwt", ...more });

/** Says where the metadata is and which scopes there are. */
export function expectChallenge(response: LightMyRequestResponse): string {
  const challenge = String(response.headers["www-authenticate"]);
  expect(challenge).toContain(METADATA);
  expect(challenge).toContain('scope="portkey:read portkey:write"');
  return challenge;
}

/** Not let in, with the challenge that the standard asks for, and nothing told of the inside. */
export function expectInvalidToken(response: LightMyRequestResponse): void {
  expect(response.statusCode, response.body).toBe(401);
  expect(expectChallenge(response)).toMatch(/^Bearer error="invalid_token", error_description="[^"\\]+", /);
  expect(response.json()).toMatchObject({ jsonrpc: "2.0", id: null, error: { code: -32000 } });
  expect(response.body).not.toMatch(/stack|node_modules|\.ts\b/);
}
