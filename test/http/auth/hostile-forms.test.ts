/** Tokens that are no well-formed JWT: refused as invalid tokens. */
import { describe, it } from "vitest";
import { expectInvalidToken, header, useWorld, type Row } from "./hostile-world.ts";
import { sign } from "./issuer.ts";

const { world, claims, trulySigned, post } = useWorld();

const ROWS: readonly Row[] = [
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
  ["four parts", async () => `${await sign(world().rsa, claims())}.x`],
  ["two parts", async () => (await sign(world().rsa, claims())).split(".").slice(0, 2).join(".")],
  ["five parts (encrypted)", () => "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a.b.c.d"],
  ["no signature", async () => `${(await sign(world().rsa, claims())).split(".").slice(0, 2).join(".")}.`],
  ["a signature cut short", async () => (await sign(world().rsa, claims())).slice(0, -8)],
  [
    "changed claims under a true signature",
    async () => {
      const [head, , signature] = (await sign(world().rsa, claims({ scope: "portkey:read" }))).split(".");
      return `${head}.${Buffer.from(JSON.stringify(claims())).toString("base64url")}.${signature}`;
    },
  ],
  ["random characters", () => "AAAAAAAAAAAAAAAAAAAAAAAA"],
  ["13,000 characters", () => "A".repeat(13_000)],
  ["a token with a space in it", async () => (await sign(world().rsa, claims())).replace(".", ". ")],
  ["a token in quotes", async () => `"${await sign(world().rsa, claims())}"`],
  [
    "two tokens in one header",
    async () => `${await sign(world().rsa, claims())}, Bearer ${await sign(world().rsa, claims())}`,
  ],
];

describe("a token is refused as invalid_token:", () => {
  it.each(ROWS)("%s", async (_name, make) => expectInvalidToken(await post(await make())));
});
