import { describe, expect, test } from "vitest";
import type { Json } from "../../src/catalog/json.ts";
import { findReferences, renameReferences } from "../../src/composites/configs/config-references.ts";
import { unmappedReferences } from "../../src/composites/configs/unmapped-references.ts";
import { problemLine } from "../../src/portkey/request/problem.ts";

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
  expect(findReferences(config)).toEqual([
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

describe("references at every place of the structure", () => {
  const references: readonly (readonly [title: string, part: Json, want: string])[] = [
    ["a provider", { provider: "@a" }, "provider a"],
    ["a provider's model", { override_params: { model: "@a/gpt-4o" } }, "provider a"],
    ["a model by default", { default_params: { model: "@a/gpt-4o" } }, "provider a"],
    ["a virtual key", { virtual_key: "a" }, "virtual_key a"],
    ["a virtual key in camel case", { virtualKey: "a" }, "virtual_key a"],
    ["a prompt", { prompt_id: "pp-a" }, "prompt pp-a"],
    ["a guardrail's id", { input_guardrails: ["a"] }, "guardrail a"],
    ["a guardrail's object", { output_guardrails: [{ id: "a", deny: true }] }, "guardrail a"],
    ["a hook", { before_request_hooks: [{ type: "guardrail", id: "a" }] }, "guardrail a"],
    ["a condition", condition({ "params.model": { $eq: "@a/gpt-4o" } }), "provider a"],
    ["a condition without operator", condition({ "params.model": "@a/gpt-4o" }), "provider a"],
    ["a condition's list", condition({ "params.model": { $in: ["gpt-4o", "@a/gpt-4o"] } }), "provider a"],
    ["a condition within others", condition({ $or: [{ $and: [{ "params.model": { $ne: "@a/x" } }] }] }), "provider a"],
  ];
  const depths: readonly (readonly [where: string, around: (part: Json) => Json])[] = [
    ["at the top", (part) => part],
    ["in a target", (part) => ({ targets: [part] })],
    ["in a target's target's target", (part) => ({ targets: [{}, { targets: [{ targets: [part] }] }] })],
  ];

  describe.each(depths)("%s", (_where, around) => {
    test.each(references)("%s", (_title, part, want) => {
      const config = around(part);
      expect(findReferences(config).map(({ kind, slug }) => `${kind} ${slug}`)).toEqual([want]);
      expect(unmappedReferences(config)).toEqual([]);
      const renamed = renameReferences(config, ({ slug }) => `${slug}-x`);
      expect(renamed).not.toEqual(config);
      expect(renameReferences(renamed, ({ slug }) => slug.slice(0, -2))).toEqual(config);
    });
  });

  test.each<[string, Json]>([
    ["a company", { provider: "openai" }],
    [
      "a guardrail of its own checks",
      { input_guardrails: [{ "default.contains": { words: ["a"] }, deny: true, id: "a" }] },
    ],
    ["metadata", { metadata: { model: "@a/x" } }],
    ["a condition on metadata", condition({ "metadata.team": { $eq: "@a" } })],
    ["a target's name", { name: "@a" }],
  ])("%s is none", (_title, config) => {
    expect(findReferences(config)).toEqual([]);
    expect(unmappedReferences(config)).toEqual([]);
  });

  test.each<[string, Json, string]>([
    [
      "an integration",
      { targets: [{ integration: "@a" }, { provider: "@a" }] },
      'config.targets[0].integration is "@a"',
    ],
    ["another config", { config: "pc-other" }, 'config.config is "pc-other"'],
    [
      "a pattern",
      condition({ "params.model": { $regex: "^@a/" } }),
      'config.strategy.conditions[0].query["params.model"].$regex is the pattern "^@a/"',
    ],
    [
      "a guardrail's version",
      { before_request_hooks: [{ id: "pg-a", guardrail_version_id: "1" }] },
      "config.before_request_hooks[0].guardrail_version_id names a version of the source's guardrail",
    ],
  ])("%s cannot be mapped, and is named", (_title, config, want) => {
    expect(unmappedReferences(config).map(problemLine)).toEqual([expect.stringContaining(want)]);
  });
});

function condition(query: Json): Json {
  return { strategy: { mode: "conditional", conditions: [{ query, then: "x" }] } };
}
