/** Claims that do not speak for this server or this moment, and tokens of another kind: refused as invalid tokens. */
import { describe, it } from "vitest";
import { AUDIENCE } from "./guarded-app.ts";
import { expectInvalidToken, header, now, useWorld, type Row } from "./hostile-world.ts";
import { sign } from "./issuer.ts";

const { world, claims, trulySigned, post } = useWorld();

const ROWS: readonly Row[] = [
  ["another issuer's token", () => sign(world().impostor, claims({ iss: world().other.url }))],
  ["the issuer with a slash more", () => sign(world().rsa, claims({ iss: `${world().issuer.url}/` }))],
  ["the issuer in capitals", () => sign(world().rsa, claims({ iss: world().issuer.url.toUpperCase() }))],
  ["the issuer in a list", () => trulySigned(header(), claims({ iss: [world().issuer.url] }))],
  ["no issuer", () => sign(world().rsa, claims({ iss: undefined }))],
  ["another audience", () => sign(world().rsa, claims({ aud: "https://other.example.com/mcp" }))],
  ["the audience as a prefix", () => sign(world().rsa, claims({ aud: `${AUDIENCE}.evil.example` }))],
  ["the audience in capitals", () => sign(world().rsa, claims({ aud: AUDIENCE.toUpperCase() }))],
  ["an empty list of audiences", () => sign(world().rsa, claims({ aud: [] }))],
  ["an audience within a list within a list", () => trulySigned(header(), claims({ aud: [[AUDIENCE]] }))],
  ["no audience", () => sign(world().rsa, claims({ aud: undefined }))],
  ["expired", () => sign(world().rsa, claims({ exp: now() - 6 }))],
  ["no expiry", () => sign(world().rsa, claims({ exp: undefined }))],
  ["an expiry in words", () => trulySigned(header(), claims({ exp: "2099-01-01" }))],
  ["an expiry of null", () => trulySigned(header(), claims({ exp: null }))],
  ["not valid yet", () => sign(world().rsa, claims({ nbf: now() + 30 }))],
  ["a nbf in words", () => trulySigned(header(), claims({ nbf: "now" }))],
  ["issued in the future", () => sign(world().rsa, claims({ iat: now() + 30 }))],
  ["no subject", () => sign(world().rsa, claims({ sub: undefined }))],
  ["an empty subject", () => sign(world().rsa, claims({ sub: "" }))],
  ["a subject that is a list", () => trulySigned(header(), claims({ sub: ["alice"] }))],
  ["a subject of 300 characters", () => sign(world().rsa, claims({ sub: "s".repeat(300) }))],
  ["an ID token by its hash", () => sign(world().rsa, claims({ at_hash: "x" }))],
  ["a refresh token of Keycloak's", () => sign(world().rsa, claims({ typ: "Refresh" }))],
  ["an ID token of Keycloak's", () => sign(world().rsa, claims({ typ: "ID" }))],
  ["a logout token", () => sign(world().rsa, claims(), { typ: "logout+jwt" })],
  ["a DPoP proof", () => sign(world().rsa, claims(), { typ: "dpop+jwt" })],
  ["a token bound to a DPoP key", () => sign(world().rsa, claims({ cnf: { jkt: "x" } }))],
];

describe("a token is refused as invalid_token:", () => {
  it.each(ROWS)("%s", async (_name, make) => expectInvalidToken(await post(await make())));
});
