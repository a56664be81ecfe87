import { describe, expect, test } from "vitest";
import type { Json } from "../../src/catalog/json.ts";
import { loadSchemas } from "../../src/catalog/editions.ts";
import { checkConfig } from "../../src/composites/configs/config-rules.ts";
import { isDoubted, rowsOf } from "../evidence/rows.ts";

const target = { provider: "@openai" };
const check = (config: unknown) => checkConfig("create_config", config, { loadSchemas });
const conditional = (conditions: unknown, more: Json = { default: "a" }) => ({
  strategy: { mode: "conditional", conditions, ...more },
  targets: [{ ...target, name: "a" }],
});
const query = (query: unknown) => conditional([{ query, then: "a" }]);

describe("what cannot work at all is refused with its path", () => {
  test.each<[object, string]>([
    [{ strategy: { mode: "fallback" } }, "config.targets must hold at least one target for the strategy fallback"],
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
  ])("%j", async (config, message) => {
    await expect(check(config)).rejects.toThrow(message);
    await expect(check(config)).rejects.toThrow("create_config: nothing was sent.");
  });

  test("a slip that explains it is named beside it", async () => {
    await expect(check({ strategy: { mode: "fallback" }, tragets: [target] })).rejects.toThrow(
      /config\.targets must hold[^]*config\.tragets is no member of a config that is known; did you mean targets\?/,
    );
  });
});

/** Each breaks one rule: the part of a config, and how its warning begins. */
const WARNED: readonly [Json, string][] = [
  [{}, "config is empty"],
  [{ override_params: { temperature: 0 } }, "config names nothing to call"],
  [{ forward_headers: ["a"] }, "config names nothing to call"],
  [{ provider: "openai" }, "config.provider is a plain id, which needs api_key"],
  [
    { provider: "opnai", api_key: "k" },
    "config.provider is no provider that the gateway is known to have; the closest is openai",
  ],
  [{ provider: "vertex-ai", api_key: "k" }, "config.provider vertex-ai needs vertex_region"],
  [{ ...target, custom_host: "http://169.254.169.254/" }, "config.custom_host is an address inside a network"],
  [{ ...target, custom_host: "http://10.0.0.8/v1" }, "config.custom_host is an address inside a network"],
  [{ ...target, custom_host: "http://2130706434/" }, "config.custom_host is an address inside a network"],
  [{ ...target, custom_host: "http://[::1]:8080" }, "config.custom_host is an IPv6 address"],
  [{ ...target, custom_host: "http://llm.internal" }, "config.custom_host is a name inside a network"],
  [{ ...target, custom_host: "ftp://llm.example.com" }, "config.custom_host is no http or https URL"],
  [{ ...target, custom_host: "llm.example.com" }, "config.custom_host is no http or https URL"],
  [{ ...target, custom_host: "https://a:b@llm.example.com" }, "config.custom_host holds a login"],
  [{ ...target, custom_host: "http://PRIVATE_LLM/v1" }, "config.custom_host has a host name that is not plain"],
  [
    { ...target, forward_headers: ["X-Portkey-Forward-Headers"] },
    "config.forward_headers names x-portkey-forward-headers",
  ],
  [{ ...target, cache: {} }, "config.cache.mode is missing"],
  [{ ...target, cache: { max_age: 60 } }, "config.cache.mode is missing"],
  [{ ...target, retry: { on_status_codes: [429] } }, "config.retry.attempts is missing"],
  [{ ...target, on_status_codes: [429] }, "config.on_status_codes is not read here"],
  [{ targets: [target] }, "config.strategy is missing beside targets"],
  [{ strategy: { mode: "single" }, targets: [] }, "config.targets holds no target"],
  [{ strategy: { mode: "single" }, ...target }, "config.targets holds no target"],
  [{ strategy: { mode: "fallback" }, targets: [] }, "config.targets holds no target"],
  [{ strategy: { mode: "loadbalance" }, targets: [{ ...target, weight: 0 }] }, "config.targets all have the weight 0"],
  [conditional([], {}), "config.strategy.default is missing"],
  [conditional([], { default: "b" }), 'config.strategy.default names "b", which is the name of no target'],
  [
    conditional([{ query: {}, then: "b" }]),
    'config.strategy.conditions[0].then names "b", which is the name of no target',
  ],
  [conditional([{ then: "a" }]), "config.strategy.conditions[0].query is missing"],
  [conditional([{ query: {} }]), "config.strategy.conditions[0].then is missing"],
  [
    query({ "metadata.a": { $equals: 1 } }),
    'config.strategy.conditions[0].query["metadata.a"].$equals is no operator of the router',
  ],
  [
    query({ $and: [{ $or: [{ "params.a": { $exists: true } }] }] }),
    'config.strategy.conditions[0].query.$and[0].$or[0]["params.a"].$exists is no operator',
  ],
  [query({ $not: [] }), "config.strategy.conditions[0].query.$not is no operator"],
  [query({ $or: { "metadata.a": 1 } }), "config.strategy.conditions[0].query.$or must be a list"],
  [query({ "metadata.a": { $in: "x" } }), 'config.strategy.conditions[0].query["metadata.a"].$in must be a list'],
  [
    query({ "metadata.a": { $regex: "(" } }),
    'config.strategy.conditions[0].query["metadata.a"].$regex is no regular expression',
  ],
  [query({ plan: { $eq: "paid" } }), "config.strategy.conditions[0].query.plan compares nothing"],
  [sticky({ hash_fields: ["metadata.user"] }), "config.strategy.sticky.enabled is missing"],
  [sticky({ enabled: true, hash_fields: ["user"] }), "config.strategy.sticky.hash_fields must each begin with"],
  [sticky({ enabled: true, ttl: 0 }), "config.strategy.sticky.ttl must be more than 0"],
];

function sticky(value: Json): Json {
  return { strategy: { mode: "loadbalance", sticky: value }, targets: [target] };
}

describe("what the gateway would refuse, or may be a mistake, is a warning with its path", () => {
  test.each(WARNED)("%j", async (config, want) => {
    expect(await check(config)).toEqual([expect.stringContaining(want)]);
  });

  test.each(WARNED)("%j, in a target of a target", async (inner, want) => {
    const config = {
      strategy: { mode: "fallback" },
      targets: [target, { strategy: { mode: "fallback" }, targets: [inner] }],
    };
    const at = want.replace(/^config/, "config.targets[1].targets[0]");
    expect(await check(config)).toEqual([expect.stringContaining(at)]);
  });
});

describe("an unknown member is named at any level, with what was probably meant", () => {
  test.each<[string, string, string]>([
    ["", "stategy", "did you mean strategy?"],
    ["", "overrideParams", "did you mean override_params?"],
    ["", "inputGuardrails", "did you mean input_guardrails?"],
    ["", "beforeRequestHooks", "did you mean before_request_hooks?"],
    ["", "strictOpenAiCompliance", "did you mean strict_open_ai_compliance?"],
    ["", "default_param", "did you mean default_params?"],
    ["", "drop_param", "did you mean drop_params?"],
    ["", "cb_confg", "did you mean cb_config?"],
    ["", "promptid", "did you mean prompt_id?"],
    ["", "wieght", "did you mean weight?"],
    ["", "circuit_breaker", "did you mean cb_config?"],
    ["", "guardrails", "did you mean input_guardrails?"],
    ["", "timeout", "did you mean request_timeout?"],
    ["", "model", "did you mean override_params.model?"],
    ["", "mode", "here; it belongs into strategy"],
    ["", "conditions", "here; it belongs into strategy"],
    ["", "attempts", "here; it belongs into retry"],
    ["", "whatever_it_is", "; the schema of create_config has all"],
    ["strategy", "onStatusCodes", "did you mean on_status_codes?"],
    ["strategy", "stiky", "did you mean sticky?"],
    ["strategy", "targets", "here; it belongs into the target"],
    ["strategy.sticky", "hashFields", "did you mean hash_fields?"],
    ["strategy.conditions[0]", "than", "did you mean then?"],
    ["strategy.conditions[0]", "when", "did you mean query?"],
    ["strategy.cb_config", "failureThreshold", "did you mean failure_threshold?"],
    ["cb_config", "cooldown", "did you mean cooldown_interval?"],
    ["cache", "maxAge", "did you mean max_age?"],
    ["cache", "ttl", "did you mean max_age?"],
    ["retry", "count", "did you mean attempts?"],
    ["retry", "on_status_code", "did you mean on_status_codes?"],
    ["before_request_hooks[0]", "onFail", "did you mean on_fail?"],
  ])("%s%s", async (where, name, want) => {
    const whole = {
      strategy: {
        mode: "conditional",
        conditions: [{ query: {}, then: "a" }],
        default: "a",
        sticky: { enabled: true },
        cb_config: { failure_threshold: 3 },
      },
      targets: [{ ...target, name: "a" }],
      cb_config: { failure_threshold: 3 },
      cache: { mode: "simple" },
      retry: { attempts: 3 },
      before_request_hooks: [{ id: "pg-a" }],
    };
    expect(await check(whole)).toEqual([]);
    const path = where === "" ? `config.${name}` : `config.${where}.${name}`;
    expect(await check(withMember(whole, where, name))).toEqual([
      expect.stringMatching(new RegExp(`^${escaped(path)} is no member of a config that is known.*${escaped(want)}`)),
    ]);
  });
});

function withMember(config: Json, where: string, name: string): Json {
  const copy = structuredClone(config) as Record<string, unknown>;
  const steps = where === "" ? [] : where.split(/\.|\[|\]\.?/).filter(Boolean);
  const part = steps.reduce<Record<string, unknown>>((at, step) => at[step] as Record<string, unknown>, copy);
  part[name] = {};
  return copy;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

test.each<[string, unknown]>([
  [
    "a provider's own settings",
    { provider: "azure-openai", api_key: "k", resource_name: "x", deployment_id: "y", api_version: "z" },
  ],
  ["rare settings of a provider", { provider: "sagemaker", api_key: "k", amzn_sagemaker_inference_component: "c" }],
  [
    "a provider whose login is its own",
    { provider: "bedrock", aws_access_key_id: "a", aws_secret_access_key: "b", aws_region: "c" },
  ],
  ["a provider on one's own machine", { provider: "ollama", custom_host: "http://localhost:11434" }],
  ["vertex-ai with its place", { provider: "vertex-ai", vertex_region: "r", vertex_project_id: "p" }],
  ["a model of a stored provider", { override_params: { model: "@openai-prod/gpt-4o" } }],
  ["a prompt", { strategy: { mode: "fallback" }, targets: [{ prompt_id: "pp-a" }, { passthrough: true }] }],
  ["settings alone", { request_timeout: 1000 }],
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
  [
    "guardrails in all their forms",
    { ...target, input_guardrails: ["pg-a", { id: "pg-b" }, { "default.contains": { words: ["a"] }, deny: true }] },
  ],
  ["no conditions and a default", conditional([])],
  [
    "every operator",
    query({
      $and: [{ "metadata.a": { $eq: 1, $ne: 2, $gt: 1, $gte: 1, $lt: 2, $lte: 2, $in: [1], $nin: [2], $regex: "a" } }],
      $or: [{ "url.pathname": "x" }],
    }),
  ],
  [
    "both spellings of the retry header",
    { ...target, retry: { attempts: 1, use_retry_after_header: true, use_retry_after_headers: true } },
  ],
  ["no config", undefined],
  ["a newer mode with its own rules", { strategy: { mode: "newest" }, targets: [target] }],
])("%s passes", async (_title, config) => {
  expect(await check(config)).toEqual([]);
});

describe("what Portkey's own pages show", () => {
  const rows = rowsOf("config");
  /** The gateway takes these, and does not do what they mean to say. */
  const RIGHTLY = /on_status_codes is not read here|which is the name of no target/;

  test("no config that both judges accept is refused, or doubted without reason", async () => {
    const accepted = rows.filter((row) => !isDoubted(row));
    const doubts = await Promise.all(
      accepted.map(async ({ id, config }) => ({
        id,
        doubts: (await check(config)).filter((line) => !RIGHTLY.test(line)),
      })),
    );
    expect(doubts.filter((row) => row.doubts.length > 0)).toEqual([]);
  });

  test("every config that a judge refuses is named, and none is an error", async () => {
    const refused = await Promise.all(
      rows.filter(isDoubted).map(async ({ id, config }) => ({ id, config, named: await check(config) })),
    );
    // One judge alone refuses metadata, a setting of SageMaker, and a check without parameters, which it needs not.
    const byBoth = refused.filter(
      ({ config }) => !/"metadata"|amzn_sagemaker|javelin\.guardrails/.test(JSON.stringify(config)),
    );
    expect(byBoth.filter(({ named }) => named.length === 0)).toEqual([]);
  });
});
