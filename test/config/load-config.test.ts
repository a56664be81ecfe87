import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PolicySubject } from "../../src/catalog/policy.ts";
import type { Config } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { PortkeyMcpError } from "../../src/errors/errors.ts";

const records: PolicySubject[] = [
  { name: "list_prompts", aliases: [], domain: "prompts", risk: "read" },
  { name: "get_trace", aliases: ["get_log"], domain: "tracing", risk: "read" },
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "config-"));
  writeFileSync(join(folder, "key"), "pk-from-file\n");
  writeFileSync(join(folder, "empty"), " \n");
});
afterAll(() => rmSync(folder, { recursive: true }));

type Env = Record<string, string>;
const load = (env: Env, flags: Env = {}, start = { sandbox: false, needsKey: true }): Config =>
  loadConfig({ env, flags }, records, start);

function mistakes(env: Env, flags: Env = {}): string[] {
  try {
    load(env, flags);
  } catch (error) {
    expect(error).toBeInstanceOf(PortkeyMcpError);
    expect(error).toHaveProperty("code", "CONFIG");
    return (error as Error).message.split("\n");
  }
  throw new Error("the configuration was accepted");
}

test("a key is all it takes", () => {
  const config = load({ PORTKEY_API_KEY: "pk-1" });
  expect(config).toMatchObject({
    bases: {
      control: "https://api.portkey.ai/v1",
      gateway: "https://api.portkey.ai/v1",
      public: "https://api.portkey.ai",
      registry: "https://mcp.portkey.ai",
    },
    credentials: { workspaceKey: "pk-1" },
    timeoutMs: 60_000,
    maxRetries: 3,
    maxResultBytes: 40_000,
    sandbox: false,
    logLevel: "info",
    composites: {},
    policy: { domains: null, allow: null, readOnly: false, confirm: "auto", discover: false },
  });
  expect(config.credentials).not.toHaveProperty("adminKey");
});

test("the configuration and what is in it cannot be changed", () => {
  const config = load({ PORTKEY_API_KEY: "pk-1" });
  const parts = [config, config.bases, config.credentials, config.policy, config.composites];
  expect(parts.filter((part) => !Object.isFrozen(part))).toEqual([]);
});

describe("settings that are given", () => {
  const cases: [string, Env, Env, object][] = [
    ["an admin key alone", { PORTKEY_ADMIN_API_KEY: "ak" }, {}, { credentials: { adminKey: "ak" } }],
    [
      "a self-hosted base keeps keys on its own host",
      { PORTKEY_BASE_URL: "https://portkey.example.com/v1/" },
      {},
      {
        bases: {
          control: "https://portkey.example.com/v1",
          gateway: "https://portkey.example.com/v1",
          public: "https://portkey.example.com",
          registry: "https://portkey.example.com",
        },
      },
    ],
    [
      "a gateway of its own",
      { PORTKEY_GATEWAY_URL: "https://gw.example.com/v1" },
      {},
      { bases: { control: "https://api.portkey.ai/v1", gateway: "https://gw.example.com/v1" } },
    ],
    [
      "numbers",
      { PORTKEY_TIMEOUT_MS: "5000", PORTKEY_MAX_RETRIES: "0", PORTKEY_MAX_RESULT_BYTES: "20kb" },
      {},
      { timeoutMs: 5000, maxRetries: 0, maxResultBytes: 20_480 },
    ],
    [
      "an empty variable counts as not set",
      { PORTKEY_TIMEOUT_MS: "", PORTKEY_ADMIN_API_KEY: "  " },
      {},
      { timeoutMs: 60_000, credentials: { workspaceKey: "pk-1" } },
    ],
    [
      "a flag wins over its variable",
      { PORTKEY_READ_ONLY: "true" },
      { PORTKEY_READ_ONLY: "false" },
      { policy: { readOnly: false } },
    ],
    [
      "a policy",
      {
        PORTKEY_TOOL_DOMAINS: "prompts, tracing",
        PORTKEY_TOOLS: "list_*,!get_log",
        PORTKEY_CONFIRM: "always",
        PORTKEY_DISCOVER: "true",
        PORTKEY_ADMIN_KEY_FOR: "read, prompts",
      },
      {},
      {
        policy: {
          adminKeyFor: ["read", "prompts"],
          domains: new Set(["prompts", "tracing"]),
          allow: ["list_*"],
          deny: ["get_log"],
          confirm: "always",
          discover: true,
        },
      },
    ],
    [
      "what composites read",
      { PORTKEY_METADATA_REQUIRED: "client_id,app" },
      {},
      { composites: { PORTKEY_METADATA_REQUIRED: "client_id,app" } },
    ],
  ];
  test.each(cases)("%s", (_title, env, flags, want) => {
    expect(load({ PORTKEY_API_KEY: "pk-1", ...env }, flags)).toMatchObject(want);
  });

  test("a key from a file, without its line break", () => {
    expect(load({ PORTKEY_API_KEY_FILE: join(folder, "key") }).credentials).toEqual({ workspaceKey: "pk-from-file" });
  });
});

describe("the sandbox", () => {
  test("needs no key", () => {
    expect(load({}, {}, { sandbox: true, needsKey: true })).toMatchObject({ sandbox: true, credentials: {} });
  });
  test("does not care where Portkey would have been", () => {
    expect(load({ PORTKEY_BASE_URL: "http://localhost:1" }, {}, { sandbox: true, needsKey: true }).sandbox).toBe(true);
  });
});

test("no key is needed where each caller brings one", () => {
  expect(load({}, {}, { sandbox: false, needsKey: false }).credentials).toEqual({});
});

describe("one mistake is one line", () => {
  const key = { PORTKEY_API_KEY: "pk-1" };
  const cases: [string, Env, Env, RegExp][] = [
    ["no key", {}, {}, /^PORTKEY_API_KEY is not set\. .*PORTKEY_ADMIN_API_KEY.*_FILE.*--sandbox/],
    ["an empty key", { PORTKEY_API_KEY: "" }, {}, /^PORTKEY_API_KEY is not set/],
    ["a key with a space in it", { PORTKEY_API_KEY: "pk hush" }, {}, /^PORTKEY_API_KEY holds a space/],
    [
      "a malformed URL",
      { ...key, PORTKEY_BASE_URL: "api.portkey.ai" },
      {},
      /^PORTKEY_BASE_URL is "api\.portkey\.ai", which is not a URL/,
    ],
    [
      "plain http",
      { ...key, PORTKEY_GATEWAY_URL: "http://gw.example.com" },
      {},
      /^PORTKEY_GATEWAY_URL .*PORTKEY_ALLOW_INSECURE_HTTP/,
    ],
    [
      "a private address",
      { ...key, PORTKEY_BASE_URL: "https://10.0.0.1" },
      {},
      /^PORTKEY_BASE_URL .*PORTKEY_ALLOW_PRIVATE_BASE_URL/,
    ],
    [
      "not a number",
      { ...key, PORTKEY_TIMEOUT_MS: "soon" },
      {},
      /^PORTKEY_TIMEOUT_MS is "soon", which is not a whole number/,
    ],
    ["an unknown domain", { ...key, PORTKEY_TOOL_DOMAINS: "promts" }, {}, /"promts".*prompts/],
    ["an unknown use of the admin key", { ...key, PORTKEY_ADMIN_KEY_FOR: "promts" }, {}, /"promts".*prompts/],
    ["an unknown tool", { ...key, PORTKEY_TOOLS: "list_promts" }, {}, /"list_promts".*list_prompts/],
    ["an unknown profile", { ...key, PORTKEY_PROFILE: "cor" }, {}, /^PORTKEY_PROFILE is "cor"\. Use one of: core/],
    ["a flag's value", key, { PORTKEY_CONFIRM: "maybe" }, /^--confirm is "maybe"\. Use one of: auto, always, never/],
    ["an unknown log level", { ...key, LOG_LEVEL: "loud" }, {}, /^LOG_LEVEL is "loud"/],
  ];
  test.each(cases)("%s", (_title, env, flags, want) => {
    expect(mistakes(env, flags)).toEqual([expect.stringMatching(want)]);
  });

  test.each([
    [
      "a file that is not there",
      () => ({ PORTKEY_API_KEY_FILE: join(folder, "none") }),
      /^PORTKEY_API_KEY_FILE: cannot read ".*none" \(ENOENT\)\.$/,
    ],
    [
      "a folder in place of a file",
      () => ({ PORTKEY_API_KEY_FILE: folder }),
      /^PORTKEY_API_KEY_FILE: cannot read ".*" \(EISDIR\)\.$/,
    ],
    [
      "an empty file",
      () => ({ PORTKEY_API_KEY_FILE: join(folder, "empty") }),
      /^PORTKEY_API_KEY_FILE: ".*empty" is empty\.$/,
    ],
    [
      "both a key and a file of it",
      () => ({ PORTKEY_API_KEY: "a", PORTKEY_API_KEY_FILE: join(folder, "key") }),
      /^PORTKEY_API_KEY and PORTKEY_API_KEY_FILE are both set/,
    ],
  ])("%s", (_title, env, want) => {
    expect(mistakes(env())).toEqual([expect.stringMatching(want)]);
  });

  test("several mistakes are said at once", () => {
    expect(mistakes({ PORTKEY_TIMEOUT_MS: "soon", PORTKEY_READ_ONLY: "ja" })).toHaveLength(3);
  });

  test("a secret is never repeated", () => {
    expect(mistakes({ PORTKEY_API_KEY: "pk hush" }).join()).not.toContain("hush");
    expect(mistakes({ PORTKEY_API_KEY: "k", PORTKEY_BASE_URL: "https://u:hush@example.com" }).join()).not.toContain(
      "hush",
    );
  });
});
