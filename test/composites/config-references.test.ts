import { expect, test } from "vitest";
import { referencesIn, renameReferences } from "../../src/composites/configs/config-references.ts";

const config = {
  provider: "@openai-dev",
  virtual_key: "vk-dev",
  input_guardrails: ["pg-1", { id: "pg-2" }, { checks: [{ id: "default.regexMatch" }], id: "inline" }],
  after_request_hooks: [{ id: "pg-1", deny: true }],
  targets: [
    { provider: "openai", override_params: { model: "@openai-dev/gpt-4o", user: "@nobody" } },
    { provider: "@openai-eu", name: "@openai-eu" },
  ],
};

test("every reference is found once", () => {
  expect(referencesIn(config)).toEqual([
    { kind: "provider", slug: "openai-dev" },
    { kind: "virtual_key", slug: "vk-dev" },
    { kind: "guardrail", slug: "pg-1" },
    { kind: "guardrail", slug: "pg-2" },
    { kind: "provider", slug: "openai-eu" },
  ]);
});

test("and renamed, where everything else stays as it is", () => {
  const before = structuredClone(config);
  expect(renameReferences(config, ({ slug }) => `${slug}!`)).toEqual({
    provider: "@openai-dev!",
    virtual_key: "vk-dev!",
    input_guardrails: ["pg-1!", { id: "pg-2!" }, { checks: [{ id: "default.regexMatch" }], id: "inline" }],
    after_request_hooks: [{ id: "pg-1!", deny: true }],
    targets: [
      { provider: "openai", override_params: { model: "@openai-dev!/gpt-4o", user: "@nobody" } },
      { provider: "@openai-eu!", name: "@openai-eu" },
    ],
  });
  expect(config).toEqual(before);
});
