import { describe, expect, test } from "vitest";
import { checkConfig } from "../../src/composites/configs/config-rules.ts";

const target = { provider: "@openai" };

describe("what is wrong is refused with its path", () => {
  test.each<[object, string]>([
    [{ strategy: { mode: "fallback" } }, "config.targets must hold at least one target for the strategy fallback"],
    [
      { strategy: { mode: "loadbalance" }, targets: [] },
      "config.targets must hold at least one target for the strategy loadbalance",
    ],
    [
      { strategy: {}, targets: [target] },
      "config.strategy.mode is required: single, loadbalance, fallback or conditional",
    ],
    [
      { strategy: { mode: "conditional" }, targets: [target] },
      "config.strategy.conditions must hold at least one {query, then} for the strategy conditional",
    ],
    [
      { strategy: { mode: "fallback" }, targets: [target, { strategy: { mode: "loadbalance" } }] },
      "config.targets[1].targets must hold at least one target for the strategy loadbalance",
    ],
  ])("%j", (config, message) => {
    expect(() => checkConfig("create_config", config)).toThrow(`create_config: nothing was sent. ${message}.`);
  });

  test("a slip that explains it is named beside it", () => {
    expect(() => checkConfig("create_config", { strategy: { mode: "fallback" }, tragets: [target] })).toThrow(
      /config\.targets must hold[^]*config\.tragets is no member of a config that is known; did you mean targets\?/,
    );
  });
});

describe("what may be a mistake is a warning", () => {
  test.each<[object, string[]]>([
    [
      { targets: [target], stategy: {} },
      ["config.stategy is no member of a config that is known; did you mean strategy?"],
    ],
    [
      { targets: [{ ...target, wieght: 1 }] },
      ["config.targets[0].wieght is no member of a config that is known; did you mean weight?"],
    ],
    [
      { strategy: { mode: "loadbalance" }, targets: [{ ...target, weight: 0 }] },
      ["config.targets all have the weight 0, so no target gets traffic"],
    ],
    [
      {
        strategy: {
          mode: "conditional",
          conditions: [
            { query: {}, then: "eu" },
            { query: {}, then: "us" },
          ],
          default: "asia",
        },
        targets: [{ ...target, name: "eu" }],
      },
      [
        'config.strategy.conditions[1].then names "us", which is the name of no target',
        'config.strategy.default names "asia", which is the name of no target',
      ],
    ],
  ])("%j", (config, want) => {
    expect(checkConfig("create_config", config)).toEqual(want);
  });
});

test.each<[string, unknown]>([
  ["a provider's own settings", { provider: "azure-openai", resource_name: "x", deployment_id: "y", api_version: "z" }],
  [
    "nested targets with weights",
    {
      strategy: { mode: "loadbalance" },
      targets: [
        { ...target, weight: 0.7 },
        { weight: 0.3, strategy: { mode: "fallback" }, targets: [target] },
      ],
    },
  ],
  ["cache and retry alone", { cache: { mode: "simple" }, retry: { attempts: 3 } }],
  ["no config", undefined],
  ["a newer mode with its own rules", { strategy: { mode: "newest" } }],
])("%s passes", (_title, config) => {
  expect(checkConfig("create_config", config)).toEqual([]);
});
