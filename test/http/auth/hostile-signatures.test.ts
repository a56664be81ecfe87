/** Algorithms, keys and signatures that must not be let in: each is refused with the challenge of an invalid token. */
import { createHmac, createPublicKey, generateKeyPairSync, sign as signBytes } from "node:crypto";
import { exportSPKI, importJWK } from "jose";
import { describe, expect, it } from "vitest";
import { AUDIENCE, startGuardedApp } from "./guarded-app.ts";
import { expectInvalidToken, header, useWorld, type Row } from "./hostile-world.ts";
import { assemble, makeKey, sign, startIssuer, trusting } from "./issuer.ts";

const { world, claims, trulySigned, post } = useWorld();

const ROWS: readonly Row[] = [
  ["alg none", () => assemble(header({ alg: "none" }), claims(), () => "")],
  ["alg None", () => assemble(header({ alg: "None" }), claims(), () => "")],
  ["alg NONE with a signature", () => assemble(header({ alg: "NONE" }), claims(), world().trueSigner)],
  ["no alg", () => trulySigned({ kid: "rsa" }, claims())],
  ["alg as a list", () => trulySigned(header({ alg: ["RS256"] }), claims())],
  [
    "HS256 with the public key in PEM",
    async () => {
      const pem = await exportSPKI((await importJWK(world().rsa.publicJwk, "RS256")) as never);
      return assemble(header({ alg: "HS256" }), claims(), (input) => createHmac("sha256", pem).update(input).digest());
    },
  ],
  [
    "HS256 with the public key in DER",
    () => {
      const der = createPublicKey({ key: world().rsa.publicJwk as never, format: "jwk" }).export({
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
        createHmac("sha256", JSON.stringify(world().rsa.publicJwk)).update(input).digest(),
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
  ["ES256 said of the RSA key", () => sign(world().ec, claims(), { kid: "rsa" })],
  ["another curve", async () => sign(await makeKey("ec", "ES384"), claims())],
  [
    "ES256 with an all-zero signature",
    () => assemble(header({ alg: "ES256", kid: "ec" }), claims(), () => Buffer.alloc(64)),
  ],
  ["an impostor's key under the true kid", () => sign(world().impostor, claims())],
  ["an unknown kid", () => trulySigned(header({ kid: "unheard-of" }), claims())],
  ["a kid that is a path", () => sign(world().impostor, claims(), { kid: "../../../../dev/null" })],
  ["a kid that is SQL", () => sign(world().impostor, claims(), { kid: "x' UNION SELECT 'key" })],
  ["a kid that is a number", () => trulySigned(header({ kid: 1 }), claims())],
  ["a kid of 300 characters", () => trulySigned(header({ kid: "k".repeat(300) }), claims())],
  ["an embedded jwk", () => sign(world().impostor, claims(), { jwk: world().impostor.publicJwk } as never)],
  ["a jku of the attacker's", () => sign(world().impostor, claims(), { jku: `${world().other.url}/keys` } as never)],
  ["an x5u of the attacker's", () => sign(world().impostor, claims(), { x5u: `${world().other.url}/cert` } as never)],
  ["an x5c of the attacker's", () => sign(world().impostor, claims(), { x5c: ["MIIB"] } as never)],
  ["an unknown critical header", () => trulySigned(header({ crit: ["exp2"], exp2: 1 }), claims())],
  ["an empty list of critical headers", () => trulySigned(header({ crit: [] }), claims())],
  ["an unencoded payload", () => trulySigned(header({ crit: ["b64"], b64: false }), claims())],
];

describe("a token is refused as invalid_token:", () => {
  it.each(ROWS)("%s", async (_name, make) => expectInvalidToken(await post(await make())));

  it("a good token with any one character changed", async () => {
    const good = await sign(world().ec, claims());
    // The last character of a signature holds bits that no byte uses, so it is left out.
    const places = [...good.slice(0, -1)].keys();
    const changed = Array.from(
      places,
      (at) => `${good.slice(0, at)}${good[at] === "A" ? "B" : "A"}${good.slice(at + 1)}`,
    );
    const statuses: [token: string, status: number][] = [];
    for (const token of changed) statuses.push([token, (await post(token)).statusCode]);
    expect(statuses.filter(([, status]) => status !== 401)).toEqual([]);
    expect(statuses.length).toBeGreaterThan(100);
  });

  it.each<[string, () => string | Promise<string>]>([
    ["RSA", () => sign(world().rsa, claims())],
    ["RSA, put together by hand", () => trulySigned(header(), claims())],
    ["EC", () => sign(world().ec, claims())],
  ])("but not with the same claims and a right signature: %s", async (_name, make) => {
    const response = await post(await make());
    expect(response.statusCode, response.body).toBe(200);
  });
});

it("no address that a token names is ever asked", async () => {
  await post(await sign(world().impostor, claims(), { jku: `${world().other.url}/keys` } as never));
  expect(world().other.fetches).toBe(0);
});

it("RSA keys too short to trust are never used", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const weak = await startIssuer([]);
  weak.keys = [{ ...(publicKey.export({ format: "jwk" }) as object), kid: "weak", alg: "RS256" } as never];
  const weakApp = startGuardedApp({
    auth: trusting(weak, AUDIENCE, { algorithms: ["RS256"] }),
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
