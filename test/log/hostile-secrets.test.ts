/** Secrets in every form and place that a caller or Portkey may put them: none of them is shown. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTextHider } from "../../src/log/hide-values.ts";
import { maskId, maskQuotation, maskSecrets, maskThoroughly, findSecrets } from "../../src/log/mask.ts";
import { isSecretName } from "../../src/log/secret-names.ts";

const SECRET = "Zq7RtW9xK2mB4nV6cD8f";

describe("names", () => {
  test.each([
    ...[
      "access_key_id",
      "private_key_pem",
      "connection_string",
      "webhook_url",
      "webhookURL",
      "bearer",
      "otp",
      "session_id",
    ],
    ...["client_secret_value", "password_hash", "authHeader", "proxy-authorization", "database_url", "refresh_token"],
    ...[
      "api_key_2",
      "accessToken",
      "X-Amz-Signature",
      "service_account_json",
      "recovery_codes",
      "mfa_code",
      "apitoken",
    ],
  ])("%s is a secret's", (name) => {
    expect(isSecretName(name)).toBe(true);
    expect(JSON.stringify(maskSecrets({ [name]: SECRET }))).not.toContain(SECRET);
  });
  test.each([
    "virtual_key",
    "rsa_public_key",
    "api_key_ids",
    "max_tokens",
    "secret_path",
    "key_name",
    "monkey",
    "webhook",
  ])("%s is not", (name) => expect(isSecretName(name)).toBe(false));
});

describe("places", () => {
  test.each<[string, unknown]>([
    ["a pair", { name: "authorization", value: SECRET }],
    ["a pair with key", [{ key: "x-api-key", value: SECRET }]],
    ["a pair of headers", { custom_headers: [{ key: "X-Tenant", value: SECRET }] }],
    ["a list of two", { headers: [["authorization", SECRET]] }],
    ["raw headers", { rawHeaders: ["accept", "*/*", "authorization", SECRET] }],
    ["JSON that is text", { config: JSON.stringify({ a: [{ api_key: SECRET }] }) }],
    ["JSON in JSON that is text", { config: JSON.stringify({ inner: JSON.stringify({ password: SECRET }) }) }],
    ["JSON in a sentence", { note: `it said {"api_key": "${SECRET}"} and left` }],
    ["a bearer token in a sentence", { note: `call it with Bearer ${SECRET} please` }],
    ["basic authentication", { note: `Basic ${Buffer.from(`me:${SECRET}`).toString("base64")}` }],
    ["a header line", { note: `curl -H 'x-portkey-api-key: ${SECRET}' https://h` }],
    ["user info", { url: `postgres://me:${SECRET}@db.example.com/x` }],
    ["user info with what should be encoded", { url: `postgres://me:a/${SECRET}@db/x` }],
    ["a query", { url: `https://h/p?x=1&access_token=${SECRET}&y=2` }],
    ["a signed link", { link: `https://s3/x?X-Amz-Signature=${SECRET}&X-Amz-Date=1` }],
    ["a connection string", { note: `Endpoint=sb://h;SharedAccessKey=${SECRET};Name=x` }],
    ["a block", { note: `a -----BEGIN RSA PRIVATE KEY-----\n${SECRET}\n-----END RSA PRIVATE KEY----- b` }],
    ["a block without end", { note: `-----BEGIN OPENSSH PRIVATE KEY-----\n${SECRET}` }],
  ])("%s", (_, value) => expect(JSON.stringify(maskSecrets(value))).not.toContain(SECRET));

  test.each([
    ...[
      "ghp_0123456789abcdefABCD",
      "github_pat_0123456789abcdef",
      "glpat-0123456789abcdefghij",
      "AKIAIOSFODNN7EXAMPLE",
    ],
    ...["ASIAIOSFODNN7EXAMPLE", "sk-proj-0123456789abcdef", "pk-0123456789abcdef", "xoxb-123456789012-abcdef"],
    ...["AIzaSyA-0123456789abcdefghijklmn", "ya29.a0AfH6SMBx-0123456789", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"],
    ...["npm_0123456789abcdefghij", "hf_0123456789abcdefghij", "patAbCdEfGhIjKlMn.0123456789abcdef0123456789"],
    ...["gsk_0123456789abcdef", "SG.0123456789abcdefgh.0123456789abcdefgh", "hvs.0123456789abcdefgh"],
  ])("%s is known wherever it stands", (key) => {
    const quoted = [key, `use ${key}, then`, `"${key}"`, `https://h/${key}/x`].map((text) => maskQuotation(text));
    expect([...quoted, maskId(key)].filter((text) => text.includes(key))).toEqual([]);
  });

  test.each([
    ["Summarise the basic authentication guide and the token economy."],
    ["https://api.example.com:8443/v1/prompts?page_size=10&name=x"],
    ["The key: point. Session: morning."],
    ["pp-checkout-1"],
    ["b8f1c1b2-7a35-4a8e-9f6d-0d2f0c1e2a3b"],
    ["task-management-for-the-whole-team"],
    ['{"a":  1, "b": [2]}'],
  ])("%s stays", (text) => expect(maskSecrets({ note: text })).toEqual({ note: text }));
});

/** How whoever was sent a key may say it back. */
const ENCODINGS: readonly ((key: string) => string)[] = [
  (key) => key,
  (key) => encodeURIComponent(key),
  (key) => [...key].map((each) => `%${each.charCodeAt(0).toString(16).padStart(2, "0")}`).join(""),
  (key) => [...key].map((each) => `%25${each.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`).join(""),
  (key) => [...key].map((each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
  (key) => [...key].map((each) => `&#${each.charCodeAt(0)};`).join(""),
  (key) => Buffer.from(key).toString("hex"),
  (key) => JSON.stringify(JSON.stringify(key)),
  (key) => key.toUpperCase(),
];
const key = fc.stringMatching(/^[A-Za-z0-9+/=_.:"&%-]{12,60}$/);

test("a key that is said back is found in any encoding, whatever stands around it", () => {
  const noise = fc.string({ maxLength: 20 });
  fc.assert(
    fc.property(key, fc.constantFrom(...ENCODINGS), noise, noise, (secret, encode, before, after) => {
      const said = encode(secret);
      return !createTextHider([secret, "another-key-0123"])(`${before}${said}${after}`).includes(said);
    }),
    { numRuns: 3_000, seed: 16 },
  );
});

test("a key inside what was encoded in base64 is found wherever it begins", () => {
  fc.assert(
    fc.property(key, fc.string({ maxLength: 9 }), fc.string({ maxLength: 9 }), (secret, before, after) => {
      const shown = createTextHider([secret])(`x ${Buffer.from(before + secret + after).toString("base64")} y`);
      return !Buffer.from(shown.split(" ")[1] ?? "", "base64")
        .toString("latin1")
        .includes(secret);
    }),
    { numRuns: 2_000, seed: 16 },
  );
});

test("random secrets in random places never appear", () => {
  const word = fc.stringMatching(/^[a-z]{1,8}$/);
  const secret = fc.stringMatching(/^[A-Za-z0-9]{12,40}$/);
  const names = fc.constantFrom(
    "api_key",
    "password",
    "clientSecret",
    "x-auth-token",
    "private_key_pem",
    "webhook_url",
  );
  const place = fc.constantFrom(
    (name: string, value: string): unknown => ({ [name]: value }),
    (name: string, value: string): unknown => [{ name, value }],
    (name: string, value: string): unknown => JSON.stringify({ deep: [{ [name]: value }] }),
    (name: string, value: string): unknown => ({ [name]: { inner: [value] } }),
    (name: string, value: string): unknown => `${name}=${value}`,
  );
  fc.assert(
    fc.property(secret, names, place, word, word, (value, name, put, before, after) => {
      const holder = {
        [before]: put(name, value),
        note: `${before} ${value} ${after}`,
        list: [after, { text: `<${value}>` }],
      };
      return !JSON.stringify(maskThoroughly(holder)).includes(value);
    }),
    { numRuns: 3_000, seed: 16 },
  );
});

test("with more secrets than are looked for, no text is shown", () => {
  const many = Object.fromEntries(
    Array.from({ length: 3_000 }, (_, index) => [`api_key_${index}`, `secret-number-${index}`]),
  );
  expect(findSecrets(many)).toHaveLength(3_000);
  const shown = JSON.stringify(maskThoroughly({ ...many, note: "it is secret-number-2999 here" }));
  expect(shown).not.toContain("secret-number");
});
