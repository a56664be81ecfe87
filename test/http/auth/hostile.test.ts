/**
 * Tokens and requests that must not be let in, each with the status and the challenge it gets. `ok` in the challenge
 * column never occurs: one row let in fails the test.
 */
import { createHmac, createPublicKey, sign as signBytes, generateKeyPairSync, createPrivateKey } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { exportJWK, exportSPKI, importJWK } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { guardedApp } from "./guarded-app.ts";
import { assemble, makeKey, sign, startIssuer, type Issuer, type SigningKey } from "./issuer.ts";

const AUDIENCE = "https://mcp.example.com/mcp";
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
}

let world: World;
let app: FastifyInstance;

beforeAll(async () => {
  const [rsa, ec, impostor] = await Promise.all([
    makeKey("rsa", "RS256"),
    makeKey("ec", "ES256"),
    makeKey("rsa", "RS256"),
  ]);
  const issuer = await startIssuer([rsa, ec]);
  const other = await startIssuer([impostor]);
  const pkcs8 = createPrivateKey({ key: (await exportJWK(rsa.privateKey)) as never, format: "jwk" });
  world = { issuer, other, rsa, ec, impostor, trueSigner: (input) => signBytes("sha256", Buffer.from(input), pkcs8) };
  app = guardedApp({
    auth: {
      mode: "jwt",
      issuer: issuer.url,
      audience: [AUDIENCE],
      jwksUrl: null,
      algorithms: ["RS256", "PS256", "ES256", "EdDSA"],
    },
    options: { keys: { intervalMs: 5 } },
  });
});
afterAll(async () => {
  await app.close();
  await Promise.all([world.issuer.close(), world.other.close()]);
});

const now = () => Math.floor(Date.now() / 1000);
const claims = (more: object = {}) => ({
  iss: world.issuer.url,
  aud: AUDIENCE,
  sub: "mallory",
  scope: "portkey:write",
  iat: now(),
  exp: now() + 300,
  ...more,
});
const header = (more: object = {}) => ({ alg: "RS256", kid: "rsa", typ: "at+jwt", ...more });
/** Truly signed by the issuer's key, over whatever header and claims are given. */
const trulySigned = (head: unknown, body: unknown) => assemble(head, body, world.trueSigner);

type Row = readonly [name: string, token: () => string | Promise<string>];

const INVALID: readonly Row[] = [
  ["alg none", () => assemble(header({ alg: "none" }), claims(), () => "")],
  ["alg None", () => assemble(header({ alg: "None" }), claims(), () => "")],
  ["alg NONE with a signature", () => assemble(header({ alg: "NONE" }), claims(), world.trueSigner)],
  ["no alg", () => trulySigned({ kid: "rsa" }, claims())],
  ["alg as a list", () => trulySigned(header({ alg: ["RS256"] }), claims())],
  [
    "HS256 with the public key in PEM",
    async () => {
      const pem = await exportSPKI((await importJWK(world.rsa.publicJwk, "RS256")) as never);
      return assemble(header({ alg: "HS256" }), claims(), (input) => createHmac("sha256", pem).update(input).digest());
    },
  ],
  [
    "HS256 with the public key in DER",
    () => {
      const der = createPublicKey({ key: world.rsa.publicJwk as never, format: "jwk" }).export({
        type: "spki",
        format: "der",
      });
      return assemble(header({ alg: "HS256" }), claims(), (input) => createHmac("sha256", der).update(input).digest());
    },
  ],
  [
    "HS256 with the JWK as its key",
    () =>
      assemble(header({ alg: "HS256" }), claims(), (input) =>
        createHmac("sha256", JSON.stringify(world.rsa.publicJwk)).update(input).digest(),
      ),
  ],
  [
    "HS512 with an empty key",
    () => assemble(header({ alg: "HS512" }), claims(), (input) => createHmac("sha512", "").update(input).digest()),
  ],
  [
    "an algorithm that is not on the list",
    async () => {
      const key = await makeKey("rsa", "RS512");
      return sign(key, claims());
    },
  ],
  ["RS256 said of the elliptic key", () => trulySigned(header({ kid: "ec" }), claims())],
  ["ES256 said of the RSA key", () => sign(world.ec, claims(), { kid: "rsa" })],
  ["another curve", async () => sign(await makeKey("ec", "ES384"), claims())],
  [
    "ES256 with an all-zero signature",
    () => assemble(header({ alg: "ES256", kid: "ec" }), claims(), () => Buffer.alloc(64)),
  ],
  ["an impostor's key under the true kid", () => sign(world.impostor, claims())],
  ["an unknown kid", () => trulySigned(header({ kid: "unheard-of" }), claims())],
  ["a kid that is a path", () => sign(world.impostor, claims(), { kid: "../../../../dev/null" })],
  ["a kid that is SQL", () => sign(world.impostor, claims(), { kid: "x' UNION SELECT 'key" })],
  ["a kid that is a number", () => trulySigned(header({ kid: 1 }), claims())],
  ["a kid of 300 characters", () => trulySigned(header({ kid: "k".repeat(300) }), claims())],
  ["an embedded jwk", () => sign(world.impostor, claims(), { jwk: world.impostor.publicJwk } as never)],
  ["a jku of the attacker's", () => sign(world.impostor, claims(), { jku: `${world.other.url}/keys` } as never)],
  ["an x5u of the attacker's", () => sign(world.impostor, claims(), { x5u: `${world.other.url}/cert` } as never)],
  ["an x5c of the attacker's", () => sign(world.impostor, claims(), { x5c: ["MIIB"] } as never)],
  ["an unknown critical header", () => trulySigned(header({ crit: ["exp2"], exp2: 1 }), claims())],
  ["an empty list of critical headers", () => trulySigned(header({ crit: [] }), claims())],
  ["an unencoded payload", () => trulySigned(header({ crit: ["b64"], b64: false }), claims())],
  ["another issuer's token", () => sign(world.impostor, claims({ iss: world.other.url }))],
  ["the issuer with a slash more", () => sign(world.rsa, claims({ iss: `${world.issuer.url}/` }))],
  ["the issuer in capitals", () => sign(world.rsa, claims({ iss: world.issuer.url.toUpperCase() }))],
  ["the issuer in a list", () => trulySigned(header(), claims({ iss: [world.issuer.url] }))],
  ["no issuer", () => sign(world.rsa, claims({ iss: undefined }))],
  ["another audience", () => sign(world.rsa, claims({ aud: "https://other.example.com/mcp" }))],
  ["the audience as a prefix", () => sign(world.rsa, claims({ aud: `${AUDIENCE}.evil.example` }))],
  ["the audience in capitals", () => sign(world.rsa, claims({ aud: AUDIENCE.toUpperCase() }))],
  ["an empty list of audiences", () => sign(world.rsa, claims({ aud: [] }))],
  ["an audience within a list within a list", () => trulySigned(header(), claims({ aud: [[AUDIENCE]] }))],
  ["no audience", () => sign(world.rsa, claims({ aud: undefined }))],
  ["expired", () => sign(world.rsa, claims({ exp: now() - 6 }))],
  ["no expiry", () => sign(world.rsa, claims({ exp: undefined }))],
  ["an expiry in words", () => trulySigned(header(), claims({ exp: "2099-01-01" }))],
  ["an expiry of null", () => trulySigned(header(), claims({ exp: null }))],
  ["not valid yet", () => sign(world.rsa, claims({ nbf: now() + 30 }))],
  ["a nbf in words", () => trulySigned(header(), claims({ nbf: "now" }))],
  ["issued in the future", () => sign(world.rsa, claims({ iat: now() + 30 }))],
  ["no subject", () => sign(world.rsa, claims({ sub: undefined }))],
  ["an empty subject", () => sign(world.rsa, claims({ sub: "" }))],
  ["a subject that is a list", () => trulySigned(header(), claims({ sub: ["alice"] }))],
  ["a subject of 300 characters", () => sign(world.rsa, claims({ sub: "s".repeat(300) }))],
  [
    "a claim given twice",
    () => trulySigned(header(), JSON.stringify(claims()).replace('"sub":', '"sub":"alice","sub":')),
  ],
  [
    "a claim given twice, once in escapes",
    () => trulySigned(header(), JSON.stringify(claims()).replace('"sub":', '"\\u0073ub":"alice","sub":')),
  ],
  [
    "a header given twice",
    () => trulySigned(JSON.stringify(header()).replace('"alg":', '"alg":"none","alg":'), claims()),
  ],
  ["claims that are a list", () => trulySigned(header(), [claims()])],
  ["claims that are a token", () => trulySigned(header({ cty: "JWT" }), trulySigned(header(), claims()))],
  ["claims that are not JSON", () => trulySigned(header(), "not json")],
  ["claims nested 2,000 deep", () => trulySigned(header(), `{"a":${"[".repeat(2_000)}`)],
  ["a header that is not JSON", () => trulySigned("{", claims())],
  ["an ID token by its hash", () => sign(world.rsa, claims({ at_hash: "x" }))],
  ["a refresh token of Keycloak's", () => sign(world.rsa, claims({ typ: "Refresh" }))],
  ["an ID token of Keycloak's", () => sign(world.rsa, claims({ typ: "ID" }))],
  ["a logout token", () => sign(world.rsa, claims(), { typ: "logout+jwt" })],
  ["a DPoP proof", () => sign(world.rsa, claims(), { typ: "dpop+jwt" })],
  ["a token bound to a DPoP key", () => sign(world.rsa, claims({ cnf: { jkt: "x" } }))],
  ["four parts", async () => `${await sign(world.rsa, claims())}.x`],
  ["two parts", async () => (await sign(world.rsa, claims())).split(".").slice(0, 2).join(".")],
  ["five parts (encrypted)", () => "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a.b.c.d"],
  ["no signature", async () => `${(await sign(world.rsa, claims())).split(".").slice(0, 2).join(".")}.`],
  ["a signature cut short", async () => (await sign(world.rsa, claims())).slice(0, -8)],
  [
    "changed claims under a true signature",
    async () => {
      const [head, , signature] = (await sign(world.rsa, claims({ scope: "portkey:read" }))).split(".");
      return `${head}.${Buffer.from(JSON.stringify(claims())).toString("base64url")}.${signature}`;
    },
  ],
  ["random characters", () => "AAAAAAAAAAAAAAAAAAAAAAAA"],
  ["13,000 characters", () => "A".repeat(13_000)],
  ["a token with a space in it", async () => (await sign(world.rsa, claims())).replace(".", ". ")],
  ["a token in quotes", async () => `"${await sign(world.rsa, claims())}"`],
  [
    "two tokens in one header",
    async () => `${await sign(world.rsa, claims())}, Bearer ${await sign(world.rsa, claims())}`,
  ],
];

describe("a token is refused as invalid_token:", () => {
  it.each(INVALID)("%s", async (_name, make) => {
    const response = await app.inject({
      method: "POST",
      url: "/mcp",
      headers: { authorization: `Bearer ${await make()}` },
    });
    expect(response.statusCode, response.body).toBe(401);
    const challenge = String(response.headers["www-authenticate"]);
    expect(challenge).toMatch(/^Bearer error="invalid_token", error_description="[^"\\]+", /);
    expect(challenge).toContain(METADATA);
    expect(challenge).toContain('scope="portkey:read portkey:write"');
    expect(response.json()).toMatchObject({ jsonrpc: "2.0", id: null, error: { code: -32000 } });
    expect(response.body).not.toMatch(/stack|node_modules|\.ts\b/);
  });

  it("a good token with any one character changed", async () => {
    const good = await sign(world.ec, claims());
    // The last character of a signature holds bits that no byte uses, so it is left out.
    for (let at = 0; at < good.length - 1; at += 1) {
      const changed = `${good.slice(0, at)}${good[at] === "A" ? "B" : "A"}${good.slice(at + 1)}`;
      const { statusCode } = await app.inject({
        method: "POST",
        url: "/mcp",
        headers: { authorization: `Bearer ${changed}` },
      });
      expect(statusCode, changed).toBe(401);
    }
  });

  it("and the very same claims are accepted when nothing is wrong with them", async () => {
    for (const token of [
      await sign(world.rsa, claims()),
      trulySigned(header(), claims()),
      await sign(world.ec, claims()),
    ]) {
      const response = await app.inject({ method: "POST", url: "/mcp", headers: { authorization: `Bearer ${token}` } });
      expect(response.statusCode, response.body).toBe(200);
    }
  });
});

interface Request {
  readonly name: string;
  readonly headers?: (token: string) => Record<string, string | string[]>;
  readonly url?: (token: string) => string;
  readonly status: number;
  /** The challenge's error; null: a challenge without one. */
  readonly error: string | null;
}

const REQUESTS: readonly Request[] = [
  { name: "no token", status: 401, error: null },
  {
    name: "a token in a cookie",
    headers: (token) => ({ cookie: `access_token=${token}; __session=${token}` }),
    status: 401,
    error: null,
  },
  {
    name: "a token in another header",
    headers: (token) => ({ "x-authorization": `Bearer ${token}`, "proxy-authorization": `Bearer ${token}` }),
    status: 401,
    error: null,
  },
  {
    name: "Basic",
    headers: (token) => ({ authorization: `Basic ${Buffer.from(`mcp:${token}`).toString("base64")}` }),
    status: 401,
    error: null,
  },
  { name: "DPoP as the scheme", headers: (token) => ({ authorization: `DPoP ${token}` }), status: 401, error: null },
  { name: "a token without a scheme", headers: (token) => ({ authorization: token }), status: 401, error: null },
  { name: "Bearer alone", headers: () => ({ authorization: "Bearer" }), status: 401, error: "invalid_token" },
  {
    name: "Bearer: with a colon",
    headers: (token) => ({ authorization: `Bearer: ${token}` }),
    status: 401,
    error: "invalid_token",
  },
  {
    name: "Bearer with a tab",
    headers: (token) => ({ authorization: `Bearer\t${token}` }),
    status: 401,
    error: "invalid_token",
  },
  {
    name: "two Authorization headers",
    headers: (token) => ({ authorization: [`Bearer ${token}`, `Bearer ${token}`] }),
    status: 400,
    error: "invalid_request",
  },
  {
    name: "a second, different Authorization header",
    headers: (token) => ({ authorization: ["Bearer x", `Bearer ${token}`] }),
    status: 400,
    error: "invalid_request",
  },
  { name: "a token in the query", url: (token) => `/mcp?access_token=${token}`, status: 400, error: "invalid_request" },
  {
    name: "a token in the query beside a good one",
    url: (token) => `/mcp?access_token=${token}`,
    headers: (token) => ({ authorization: `Bearer ${token}` }),
    status: 400,
    error: "invalid_request",
  },
  {
    name: "a token in the query in capitals",
    url: (token) => `/mcp?ACCESS_TOKEN=${token}`,
    status: 400,
    error: "invalid_request",
  },
  {
    name: "a token in the query, percent-encoded",
    url: (token) => `/mcp?access%5Ftoken=${token}`,
    status: 400,
    error: "invalid_request",
  },
  {
    name: "a Portkey key in the query",
    url: () => "/mcp?x-portkey-api-key=pk-1",
    headers: (token) => ({ authorization: `Bearer ${token}` }),
    status: 400,
    error: "invalid_request",
  },
];

describe("a request is refused:", () => {
  it.each(REQUESTS)("$name", async ({ headers, url, status, error }) => {
    const token = await sign(world.rsa, claims());
    const response = await app.inject({ method: "POST", url: url?.(token) ?? "/mcp", headers: headers?.(token) ?? {} });
    expect(response.statusCode, response.body).toBe(status);
    const challenge = String(response.headers["www-authenticate"]);
    expect(challenge).toContain(METADATA);
    expect(challenge).toContain('scope="portkey:read portkey:write"');
    if (error === null) expect(challenge).not.toContain("error");
    else expect(challenge).toContain(`error="${error}"`);
    expect(response.body).not.toContain(token);
  });

  it("no address that a token names is ever asked", () => {
    expect(world.other.fetches).toBe(0);
  });

  it("RSA keys too short to trust are never used", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const weak = await startIssuer([]);
    weak.keys = [{ ...(publicKey.export({ format: "jwk" }) as object), kid: "weak", alg: "RS256" } as never];
    const weakApp = guardedApp({
      auth: { mode: "jwt", issuer: weak.url, audience: [AUDIENCE], jwksUrl: null, algorithms: ["RS256"] },
    });
    try {
      const token = assemble(header({ kid: "weak" }), claims({ iss: weak.url }), (input) =>
        signBytes("sha256", Buffer.from(input), privateKey),
      );
      const response = await weakApp.inject({
        method: "POST",
        url: "/mcp",
        headers: { authorization: `Bearer ${token}` },
      });
      expect(response.statusCode).toBe(401);
    } finally {
      await weak.close();
    }
  });
});
