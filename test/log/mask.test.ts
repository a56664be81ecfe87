import { describe, expect, test } from "vitest";
import { maskSecret } from "../../src/log/hide-values.ts";
import { maskSecrets } from "../../src/log/mask.ts";
import { isSecretName } from "../../src/log/secret-names.ts";

describe("names of secrets", () => {
  test.each([
    "key",
    "api_key",
    "apiKey",
    "x-portkey-api-key",
    "aws_secret_access_key",
    "azure_entra_client_secret",
    "password",
    "authToken",
    "vault_token",
    "Authorization",
    "credentials",
    "vault_secret_id",
    "vertex_service_account_json",
    "private_key",
    "authHeader",
    "set-cookie",
    "aws_access_key_id",
  ])("%s is one", (name) => expect(isSecretName(name)).toBe(true));
  test.each([
    "virtual_key",
    "virtual_keys",
    "max_tokens",
    "prompt_token_min",
    "api_key_ids",
    "secret_path",
    "secret_reference_id",
    "auth_type",
    "keyboard",
    "metadata_key",
    "value_key",
    "headerKey",
    "name",
    "",
  ])("%s is none", (name) => expect(isSecretName(name)).toBe(false));
});

test.each([
  ["short", "****"],
  ["exactly12chr", "****"],
  ["thirteen-char", "****char"],
  ["", "****"],
])("%s is shown as %s", (secret, want) => {
  expect(maskSecret(secret)).toBe(want);
});

test("secrets are masked at any depth, everything else stays as it is", () => {
  const given = {
    name: "prod",
    key: "sk-0123456789abcdef",
    max_tokens: 5,
    virtual_key: "openai-prod",
    nothing: null,
    configurations: {
      aws_secret_access_key: "abcdefghijklmnop",
      aws_region: "eu-central-1",
      credentials: { username: "bob", nested: [{ x: "s3cret" }], port: 1 },
    },
    conditions: [{ key: "api_key", value: "x" }],
    group_by: [{ key: "metadata._user" }],
    custom_headers: { "X-Tenant": "long-tenant-secret", "Content-Type": "application/json" },
    forward_headers: ["authorization"],
    note: "Bearer abcdefghijklmnopq",
  };
  const before = structuredClone(given);
  expect(maskSecrets(given)).toEqual({
    name: "prod",
    key: "****cdef",
    max_tokens: 5,
    virtual_key: "openai-prod",
    nothing: null,
    configurations: {
      aws_secret_access_key: "****mnop",
      aws_region: "eu-central-1",
      credentials: { username: "****", nested: [{ x: "****" }], port: 1 },
    },
    conditions: [{ key: "api_key", value: "x" }],
    group_by: [{ key: "metadata._user" }],
    custom_headers: { "X-Tenant": "****cret", "Content-Type": "application/json" },
    forward_headers: ["authorization"],
    note: "****nopq",
  });
  expect(given).toEqual(before);
});

test("what is no plain object is left alone", () => {
  const error = new Error("x");
  expect(maskSecrets({ err: error })).toEqual({ err: error });
});
