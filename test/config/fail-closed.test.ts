/** Settings that are not understood keep the server from starting: none may leave it more open than was meant. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPolicy } from "../../src/catalog/create-policy.ts";
import { decide } from "../../src/catalog/decide.ts";
import { loadCatalogue } from "../main-catalogue.ts";
import { loadHttpConfig } from "../../src/config/http.ts";
import { HTTP_SETTINGS } from "../../src/config/http-settings.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { placeholderProblem } from "../../src/config/placeholder.ts";
import { readSecret } from "../../src/config/read-secret.ts";
import type { SettingTable } from "../../src/config/setting.ts";
import { SETTINGS } from "../../src/config/settings.ts";
import { PortkeyMcpError } from "../../src/errors/errors.ts";
import { unknownVariables } from "../../src/config/unknown-variables.ts";
import { LOOKUPS } from "../fuzz/tricky.ts";
import { TIMES } from "../size.ts";
import { prototypeMembers } from "../fuzz/prototypes.ts";

type Env = Record<string, string>;
const { records } = loadCatalogue();
const KEY = { PORTKEY_API_KEY: "pk-1" };
const load = (env: Env, http?: { policyFile: { path: string; text: string } | null }) =>
  loadConfig({ env: { ...KEY, ...env }, flags: {} }, records, {
    sandbox: false,
    needsKey: true,
    ...(http && { http }),
  });
const NO_FILE = { policyFile: null };

function mistakeOf(make: () => unknown): string | undefined {
  try {
    make();
  } catch (error) {
    expect(error).toBeInstanceOf(PortkeyMcpError);
    return (error as Error).message;
  }
  return undefined;
}

describe("a setting of a fixed choice", () => {
  const fixed = (table: SettingTable) =>
    Object.entries(table)
      .filter(([, { kind }]) => kind.label === "true or false" || kind.label.includes(", "))
      .map(([name]) => name);
  const words = LOOKUPS.filter((word) => word !== "0");
  test.each([...fixed(SETTINGS), ...fixed(HTTP_SETTINGS)])("%s takes no other word", (name) => {
    const taken = words.filter((word) => {
      const env = { [name]: word };
      const found = mistakeOf(() => load(env, NO_FILE)) ?? mistakeOf(() => loadHttpConfig({ env, flags: {} }));
      return found?.includes(name) !== true;
    });
    expect(taken).toEqual([]);
  });
});

describe("a list that names nothing", () => {
  describe.each(["PORTKEY_TOOL_DOMAINS", "PORTKEY_TOOLS"])("in %s", (name) => {
    test.each([",", " , ", "!", "!,", "constructor", "__proto__", "toString"])("%j is a mistake", (text) => {
      expect(mistakeOf(() => load({ [name]: text }))).toContain(name);
    });
  });
});

describe("a variable that looks like a protection and is none", () => {
  test.each([
    ["PORTKEY_READONLY", "PORTKEY_READ_ONLY"],
    ["PORTKEY_READ_ONLY_MODE", "PORTKEY_READ_ONLY"],
    ["PORTKEY_RAED_ONLY", "PORTKEY_READ_ONLY"],
    ["PORTKEY_READ", "PORTKEY_READ_ONLY"],
    ["MCP_READ_ONLY", "PORTKEY_READ_ONLY"],
    ["portkey_read_only", "PORTKEY_READ_ONLY"],
    ["PORTKEY_TOOL_DOMAIN", "PORTKEY_TOOL_DOMAINS"],
    ["PORTKEY_DOMAINS", "PORTKEY_TOOL_DOMAINS"],
    ["PORTKEY_TOOL", "PORTKEY_TOOL"],
    ["PORTKEY_PROFIL", "PORTKEY_PROFILE"],
    ["PORTKEY_CONFIRMATION", "PORTKEY_CONFIRM"],
    ["PORTKEY_COMFIRM", "PORTKEY_CONFIRM"],
    ["PORTKEY_READ_ONLY_FILE", "PORTKEY_READ_ONLY"],
  ])("%s: refused, and %s is named", (name, meant) => {
    expect(mistakeOf(() => load({ [name]: "true" }))).toMatch(new RegExp(`^${name} is no setting\\. If ${meant}`));
  });

  test.each([
    ["MCP_AUTHMODE", "MCP_AUTH_MODE"],
    ["MCP_AUTH", "MCP_AUTH_MODE"],
    ["PORTKEY_AUTH_MODE", "MCP_AUTH_MODE"],
    ["MCP_AUTH_TOKENS", "MCP_AUTH_TOKEN"],
    ["MCP_TOKEN", "MCP_AUTH_TOKEN"],
    ["MCP_POLICYFILE", "MCP_POLICY_FILE"],
    ["MCP_POLICY", "MCP_POLICY_FILE"],
    ["MCP_CREDENTIAL", "MCP_CREDENTIALS"],
    ["MCP_ENCRYPTION_KEY", "MCP_EVENT_ENCRYPTION_KEY"],
  ])("%s: refused by the HTTP server, a warning over stdio", (name, meant) => {
    expect(mistakeOf(() => load({ [name]: "x" }, NO_FILE))).toContain(meant);
    expect(load({ [name]: "x" }).warnings?.join()).toContain(name);
  });

  const protecting = Object.entries<{ protects?: true }>({ ...SETTINGS, ...HTTP_SETTINGS })
    .filter(([, { protects }]) => protects)
    .map(([name]) => name);
  const known = new Set([...Object.keys(SETTINGS), ...Object.keys(HTTP_SETTINGS)]);

  test.each(protecting)("%s with a letter dropped, two swapped or an underscore missing ends the start", (setting) => {
    const at = [...setting].map((_letter, index) => index);
    const slips = new Set([
      ...at.map((index) => setting.slice(0, index) + setting.slice(index + 1)),
      ...at.map(
        (index) => setting.slice(0, index) + (setting[index + 1] ?? "") + setting[index] + setting.slice(index + 2),
      ),
    ]);
    const unseen = [...slips]
      .filter((slip) => !known.has(slip))
      .filter((slip) => unknownVariables({ [slip]: "x" }, { http: true }).mistakes.length !== 1);
    expect(unseen).toEqual([]);
  });

  test.each(["GCP_AUTH_TOKEN", "NPM_AUTH_TOKEN", "AUTH_TOKEN", "READ_ONLY"])("%s is another program's", (name) => {
    expect(unknownVariables({ [name]: "x" }, { http: true })).toEqual({ mistakes: [], warnings: [] });
  });

  test.each(["MCP_KEY", "MCP_ID", "PORTKEY_KEY"])("%s, which has too few letters to be meant, is a warning", (name) => {
    const { mistakes, warnings } = unknownVariables({ [name]: "x" }, { http: true });
    expect({ mistakes, warned: warnings.length }).toEqual({ mistakes: [], warned: 1 });
  });

  test("is a warning where the right one is set too", () => {
    const { policy, warnings } = load({ PORTKEY_READ_ONLY: "true", PORTKEY_READONLY: "true" });
    expect(policy.readOnly).toBe(true);
    expect(warnings?.join()).toContain("The closest is PORTKEY_READ_ONLY");
  });

  test.each([
    ["PORTKEY_MAX_RETRY", "The closest is PORTKEY_MAX_RETRIES; docs/settings.md has all."],
    ["PORTKEY_URL", "The closest is PORTKEY_BASE_URL; docs/settings.md has all."],
    ["MCP_HOSTNAME", "The closest is MCP_HOST; docs/settings.md has all."],
    ["PORTKEY_SOMETHING_ELSE", "docs/settings.md has all."],
  ])("%s, which protects nothing, is a warning with the closest name where one is near", (name, hint) => {
    expect(load({ [name]: "secret-value" }, NO_FILE).warnings).toEqual([
      `${name} is no setting and is not read. ${hint}`,
    ]);
  });

  test.each([
    ["an empty one", { PORTKEY_READONLY: " " }],
    [
      "another program's",
      { PORTKEY_CONFIG: "pc-1", MCP_TIMEOUT: "1", MCP_TOOL_TIMEOUT: "1", MCP_PROXY_AUTH_TOKEN: "x" },
    ],
    [
      "a Kubernetes service's",
      {
        MCP_SERVICE_HOST: "10.0.0.1",
        MCP_SERVICE_PORT: "80",
        MCP_SERVICE_PORT_HTTP: "80",
        MCP_PORT_80_TCP: "tcp://10.0.0.1:80",
        MCP_PORT_80_TCP_PROTO: "tcp",
        MCP_PORT_80_TCP_PORT: "80",
        MCP_PORT_80_TCP_ADDR: "10.0.0.1",
        PORTKEY_ADMIN_MCP_PORT: "tcp://10.0.0.1:80",
        PORTKEY_ADMIN_MCP_SERVICE_HOST: "10.0.0.1",
      },
    ],
    ["an unrelated one", { HOME: "/", READ_ONLY: "true", NODE_ENV: "test" }],
  ])("%s says nothing", (_what, env) => {
    expect(load(env as Env, NO_FILE)).not.toHaveProperty("warnings");
  });

  test("named by the policy file is known", () => {
    const policyFile = { path: "p.yaml", text: "keys: { workspace: { env: PORTKEY_TEAM_KEY } }" };
    expect(load({ PORTKEY_TEAM_KEY: "k" }, { policyFile })).not.toHaveProperty("warnings");
    expect(load({ PORTKEY_TEAM_KEYS: "k" }, { policyFile }).warnings).toHaveLength(1);
  });
});

describe("a port that is a Kubernetes service's address", () => {
  test.each(["MCP_PORT", "PORT"])("in %s is passed over, with what to do", (name) => {
    const config = loadHttpConfig({ env: { [name]: "tcp://10.96.0.1:3000" }, flags: {} });
    expect(config.port).toBe(3000);
    expect(config.warnings).toEqual([expect.stringContaining("enableServiceLinks: false")]);
    expect(config.warnings?.join()).toContain(name);
  });
  test("leaves the next name to be read", () => {
    expect(loadHttpConfig({ env: { MCP_PORT: "udp://[fd00::1]:53", PORT: "8080" }, flags: {} }).port).toBe(8080);
  });
  test.each(["tcp://", "http://10.0.0.1:80", "tcp://x", "3000x"])("but not %s", (text) => {
    expect(mistakeOf(() => loadHttpConfig({ env: { MCP_PORT: text }, flags: {} }))).toContain("MCP_PORT");
  });
});

describe("a key that is a placeholder", () => {
  const PLACEHOLDERS = [
    "${PORTKEY_API_KEY}",
    "${input:key}",
    "${PORTKEY_API_KEY:-}",
    "pk-${KEY}",
    "{{PORTKEY_API_KEY}}",
    "{{ .Values.key }}",
    "$PORTKEY_API_KEY",
    "$(PORTKEY_API_KEY)",
    "%PORTKEY_API_KEY%",
    "<your-key>",
    "[your-key]",
    "undefined",
    "null",
    "None",
    "changeme",
    '"pk-1"',
    "'pk-1'",
    "`pk-1`",
    "…",
    "...",
    "pk-...",
    "pk-xxxxxxxx",
    "xxx",
    "***",
    "your-portkey-api-key",
    "YOUR_API_KEY",
    "your_key_here",
    "insert-key-here",
    "op://vault/portkey/key",
    "ref+vault://secret/portkey#key",
    "gcp-sm://project/key",
    "@Microsoft.KeyVault(SecretUri=https://a.vault.azure.net/secrets/key)",
    "arn:aws:secretsmanager:eu-west-1:1:secret:portkey",
    "projects/one/secrets/portkey/versions/latest",
    "vault:secret/data/portkey#key",
    "ENC[AES256_GCM,data:abc,iv:def,tag:ghi,type:str]",
    "/run/secrets/portkey-key",
    "~/secrets/portkey-key",
    "./secrets/portkey-key",
    "C:\\secrets\\portkey-key",
  ];
  const KEYS = ["PORTKEY_API_KEY", "PORTKEY_ADMIN_API_KEY"];
  test.each(PLACEHOLDERS.flatMap((text) => KEYS.map((name) => ({ text, name }))))(
    "$text is refused as $name, unrepeated, with what to do",
    ({ text, name }) => {
      expect(mistakeOf(() => load({ [name]: text }))).toMatch(new RegExp(`^${name} is .*Give the value itself`));
    },
  );
  test.each(PLACEHOLDERS)("%s is refused as a caller's token", (text) => {
    const env = { MCP_AUTH_MODE: "bearer", MCP_AUTH_TOKEN: `ci:${text}` };
    expect(mistakeOf(() => loadHttpConfig({ env, flags: {} }))).toContain("MCP_AUTH_TOKEN");
  });

  test.each([
    "pk-1",
    "k",
    "aKey$1",
    "1234567890",
    "xoxb-1",
    "eyJhbGciOi",
    "sk_live_xyz",
    "pk-xylophone",
    "pk/a+b=",
    "/a1b2c3==",
  ])("is none where it only looks a little like one: %s", (text) => expect(placeholderProblem(text)).toBeUndefined());

  test("is none where it is random", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Za-z0-9+/=_-]{20,40}$/),
        (text) => placeholderProblem(`pk-${text}`) === undefined,
      ),
      { seed: 16, numRuns: 2_000 },
    );
  });
});

test.each(LOOKUPS)("a secret named %s is found nowhere", (name) => {
  expect(readSecret({ env: name }, {})).toBeUndefined();
});

describe("whatever is set", () => {
  const word = fc.oneof(
    fc.constantFrom(...LOOKUPS, "", " ", "true", "false", "prompts", "get_*", "!get_*"),
    fc.string(),
  );
  const names = [
    ...Object.keys(SETTINGS),
    ...Object.keys(HTTP_SETTINGS),
    "PORTKEY_READONLY",
    "MCP_AUTH",
    "PORTKEY___proto__",
  ];
  const RESTRICTIONS = ["PORTKEY_READ_ONLY", "PORTKEY_TOOLS", "PORTKEY_TOOL_DOMAINS", "PORTKEY_PROFILE"];
  const restricts = (name: string, value = "") => {
    const text = value.trim().toLowerCase();
    const isOff = name === "PORTKEY_READ_ONLY" && ["false", "0", "no", "off"].includes(text);
    return text !== "" && !isOff && !text.split(",").some((entry) => /^\*+$/.test(entry.trim()));
  };

  test("starts or says why not, and no restriction that is set comes to nothing", () => {
    const before = prototypeMembers();
    const environment = fc.dictionary(fc.constantFrom(...names), word, { maxKeys: 4 });
    fc.assert(
      fc.property(environment, (env) => {
        const http = mistakeOf(() => loadHttpConfig({ env, flags: {} }));
        expect(http ?? "").not.toMatch(/is not a function|undefined \(|Cannot read/);
        let policy;
        try {
          ({ policy } = load(env, NO_FILE));
        } catch (error) {
          expect(error).toBeInstanceOf(PortkeyMcpError);
          return;
        }
        const admitted = records.filter((record) => decide(policy, record).allowed);
        const restricting = RESTRICTIONS.filter((name) => restricts(name, Object.hasOwn(env, name) ? env[name] : ""));
        if (admitted.length === records.length) expect(restricting).toEqual([]);
      }),
      { seed: 16, numRuns: 600 * TIMES },
    );
    expect(prototypeMembers()).toBe(before);
  });

  test.each(LOOKUPS)("an unknown profile admits nothing: %s", (profile) => {
    expect(records.filter((record) => decide(createPolicy({ profile }), record).allowed)).toEqual([]);
  });
});
