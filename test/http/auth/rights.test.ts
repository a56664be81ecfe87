/** What a caller may do and with which key, by mode, policy file, scopes and wishes; and that no wish widens it. */
import { describe, expect, it } from "vitest";
import { RECORDS } from "../../catalog-policy/records.ts";
import { AUDIENCE, type Given, startGuardedApp, type Seen } from "./guarded-app.ts";
import { trusting, useIssuer } from "./issuer.ts";

const ALL = RECORDS.map(({ name }) => name);
const READS = RECORDS.filter(({ risk }) => risk === "read").map(({ name }) => name);

const TOKENS = [
  { name: "ci", token: "ci-token-0123456789" },
  { name: "ops", token: "ops-token-0123456789" },
  { name: "guest", token: "guest-token-0123456789" },
];
const POLICY = {
  path: "policy.yaml",
  text: `
version: 1
rules:
  - { name: ci, match: { subject: ci }, domains: [prompts], tools: ["!delete_*"], confirm: always }
  - { name: ops, match: { subject: [ops, root] } }
`,
};
const BEARER: Given = { auth: { mode: "bearer", tokens: TOKENS } };

async function ask(given: Given, headers: Record<string, string | string[]> = {}, url = "/mcp") {
  const response = await startGuardedApp(given).inject({ method: "POST", url, headers });
  return {
    status: response.statusCode,
    challenge: response.headers["www-authenticate"],
    text: response.body,
    seen: response.json<Seen>(),
  };
}
const as = (name: string) => ({ authorization: `Bearer ${TOKENS.find((token) => token.name === name)?.token}` });

describe("mode none", () => {
  it("lets everybody do what the server may", async () => {
    expect((await ask({})).seen).toMatchObject({ principal: "anonymous", tools: ALL });
  });
  it("ignores a token it did not ask for", async () => {
    expect((await ask({}, { authorization: "Bearer whatever" })).status).toBe(200);
  });
});

describe("mode bearer", () => {
  it.each(["ci", "ops"])("knows %s by name", async (name) => {
    expect((await ask(BEARER, as(name))).seen).toMatchObject({ principal: `token:${name}`, tools: ALL });
  });
  it.each([
    ["no token", {}, 401, 'Bearer realm="portkey-admin-mcp"'],
    [
      "a wrong token",
      { authorization: "Bearer ci-token-012345678" },
      401,
      'Bearer error="invalid_token", error_description="The token is not one of this server\'s."',
    ],
    [
      "a token's name",
      { authorization: "Bearer ci" },
      401,
      'Bearer error="invalid_token", error_description="The token is not one of this server\'s."',
    ],
    [
      "another case",
      { authorization: "Bearer CI-TOKEN-0123456789" },
      401,
      'Bearer error="invalid_token", error_description="The token is not one of this server\'s."',
    ],
  ] as const)("refuses %s", async (_name, headers, status, challenge) => {
    expect(await ask(BEARER, headers)).toMatchObject({ status, challenge });
  });
  it("takes the scheme in any case", async () => {
    expect((await ask(BEARER, { authorization: "bEARER ci-token-0123456789" })).status).toBe(200);
  });
});

describe("a policy file", () => {
  const given: Given = { ...BEARER, policyFile: POLICY };
  it("grants what the first fitting rule says", async () => {
    expect((await ask(given, as("ci"))).seen).toMatchObject({
      tools: ["list_prompts", "get_prompt", "update_prompt", "promote_prompt"],
      confirm: "always",
    });
    expect((await ask(given, as("ops"))).seen.tools).toEqual(ALL);
  });
  it("grants nothing to whom no rule fits", async () => {
    expect(await ask(given, as("guest"))).toMatchObject({ status: 403 });
    expect(await ask({ policyFile: POLICY })).toMatchObject({ status: 403 });
  });
  it("stays within the server's settings", async () => {
    expect((await ask({ ...given, server: { readOnly: true } }, as("ops"))).seen.tools).toEqual(READS);
    expect((await ask({ ...given, server: { domains: ["keys"] } }, as("ci"))).seen.tools).toEqual([]);
  });
});

describe("a request's wish", () => {
  const given: Given = { ...BEARER, policyFile: POLICY };
  it.each([
    [{}, "/mcp?tools=get_*", ["get_prompt"]],
    [{}, "/mcp?tools=*_prompt,!update_*", ["get_prompt", "promote_prompt"]],
    [{}, "/mcp?tools=get_prompt&tools=list_*", ["list_prompts", "get_prompt"]],
    [{ "x-mcp-toolsets": "keys" }, "/mcp", []],
    [{ "x-mcp-toolsets": "prompts, keys" }, "/mcp", ["list_prompts", "get_prompt", "update_prompt", "promote_prompt"]],
    [{ "x-mcp-readonly": "true" }, "/mcp", ["list_prompts", "get_prompt"]],
    [{ "X-MCP-Readonly": "1", "x-mcp-toolsets": "all" }, "/mcp?tools=update_*", []],
  ])("%j %s leaves the CI's rights at %j", async (headers, url, tools) => {
    expect((await ask(given, { ...as("ci"), ...headers }, url)).seen.tools).toEqual(tools);
  });

  const own = ["list_prompts", "get_prompt", "update_prompt", "promote_prompt"];
  it.each([
    [{ "x-mcp-readonly": "false" }, "/mcp"],
    [{ "x-mcp-toolsets": "all" }, "/mcp"],
    [{}, "/mcp?tools=*"],
    [{}, "/mcp?tools=**"],
    [{}, "/mcp?tools=delete_prompt,*"],
    [{}, "/mcp?tools=!delete_prompt"],
    [{ "x-mcp-toolsets": "keys,prompts,tracing", "x-mcp-readonly": "0" }, "/mcp?tools=*"],
    [
      { "x-mcp-confirm": "never", "x-portkey-read-only": "false", "x-mcp-principal": "ops", "x-forwarded-user": "ops" },
      "/mcp?principal=ops&read_only=false&confirm=never&domains=keys",
    ],
    [{ "x-portkey-api-key": "pk-mine" }, "/mcp?__proto__[tools]=*"],
  ])("%j %s never widens them", async (headers, url) => {
    const { status, seen } = await ask(given, { ...as("ci"), ...headers }, url);
    expect({ status, tools: seen.tools, confirm: seen.confirm, principal: seen.principal, keys: seen.keys }).toEqual({
      status: 200,
      tools: own,
      confirm: "always",
      principal: "token:ci",
      keys: { workspaceKey: "pk-server" },
    });
  });

  it.each([
    [{ "x-mcp-readonly": "maybe" }, "/mcp", "X-MCP-Readonly"],
    [{ "x-mcp-readonly": "" }, "/mcp", "X-MCP-Readonly"],
    [{ "x-mcp-readonly": "constructor" }, "/mcp", "X-MCP-Readonly"],
    [{ "x-mcp-readonly": "__proto__" }, "/mcp", "X-MCP-Readonly"],
    [{ "x-mcp-readonly": "true, constructor" }, "/mcp", "X-MCP-Readonly"],
    [{ "x-mcp-toolsets": "" }, "/mcp", "X-MCP-Toolsets"],
    [{ "x-mcp-toolsets": " , ," }, "/mcp", "X-MCP-Toolsets"],
    [{ "x-mcp-toolsets": "Prompts" }, "/mcp", "such as prompts"],
    [{ "x-mcp-toolsets": "constructor" }, "/mcp", "is not a domain"],
    [{ "x-mcp-toolset": "keys" }, "/mcp", "x-mcp-toolsets"],
    [{ "x-mcp-tools": "get_prompt" }, "/mcp", "x-mcp-toolsets"],
    [{ "x-mcp-read-only": "true" }, "/mcp", "x-mcp-readonly"],
    [{ "x-mcp-readnoly": "true" }, "/mcp", "x-mcp-readonly"],
    [{}, "/mcp?tools=", "?tools= is empty"],
    [{}, "/mcp?tools", "?tools= is empty"],
    [{}, "/mcp?tools=,%20,", "?tools= is empty"],
    [{}, "/mcp?tools=!", "?tools="],
    [{}, "/mcp?tools=get_prompt,!", "?tools="],
    [{}, "/mcp?tools=!!", "?tools="],
    [{}, "/mcp?tools=__proto__", "is not a tool"],
    [{}, "/mcp?tool=get_prompt", "Did you mean ?tools=?"],
    [{}, "/mcp?Tools=get_prompt", "Did you mean ?tools=?"],
    [{}, "/mcp?toolsets=prompts", "Did you mean ?tools=?"],
    [{}, "/mcp?tools[]=get_prompt", "Did you mean ?tools=?"],
    [{}, "/mcp?tools=get_prompt,get_promt", 'Did you mean \\"get_prompt\\"?'],
    [{}, "/mcp?tools=*nothing*", "matches no tool"],
    [{}, "/mcp?tools=!nothing", "is not a tool"],
    [{ "x-mcp-toolsets": "prompts,prompt" }, "/mcp", "is not a domain"],
    [{}, `/mcp?tools=${"a".repeat(65)}`, "?tools="],
    [{ "x-mcp-toolsets": "pro mpts/../keys" }, "/mcp", "X-MCP-Toolsets"],
    [{}, "/mcp?tools=*a*b*c*", "?tools="],
    [{}, `/mcp?tools=${encodeURIComponent("+(+(+(a)))")}`, "?tools="],
    [{}, `/mcp?tools=${"a".repeat(5_000)}`, "?tools="],
    [{}, `/mcp?tools=${"a,".repeat(300)}`, "?tools="],
  ])("%j %s is refused", async (headers, url, named) => {
    const { status, text } = await ask(given, { ...as("ci"), ...headers }, url);
    expect(status).toBe(400);
    expect(text).toContain(named);
  });
});

describe("scopes and a policy file together", () => {
  const issuer = useIssuer();

  const rules = "rules: [{ name: people, match: { organisation: org_1 }, domains: [prompts, keys] }]";
  const both = [
    "list_prompts",
    "get_prompt",
    "update_prompt",
    "delete_prompt",
    "promote_prompt",
    "list_api_keys",
    "rotate_api_key",
  ];
  const cases = [
    { use: "narrow", scope: "portkey:prompts:read", status: 200, tools: ["list_prompts", "get_prompt"] },
    {
      use: "narrow",
      scope: "openid",
      status: 200,
      tools: both,
    },
    { use: "narrow", scope: "portkey:tracing:write", status: 200, tools: [] },
    { use: "require", scope: "openid", status: 403, tools: undefined },
    { use: "require", scope: "portkey:keys:read", status: 200, tools: ["list_api_keys"] },
    {
      use: "ignore",
      scope: "portkey:prompts:read",
      status: 200,
      tools: both,
    },
  ];
  it.each(cases)("scopes: $use with $scope", async ({ use, scope, status, tools }) => {
    const given: Given = {
      auth: trusting(issuer, AUDIENCE),
      policyFile: { path: "policy.yaml", text: `version: 1\nscopes: ${use}\n${rules}` },
    };
    const token = await issuer.sign({ aud: AUDIENCE, org_id: "org_1", scope });
    const answer = await ask(given, { authorization: `Bearer ${token}` });
    expect({ status: answer.status, tools: answer.seen.tools }).toEqual({ status, tools });
    const stranger = await issuer.sign({ aud: AUDIENCE, org_id: "org_2", scope: "portkey:write" });
    expect((await ask(given, { authorization: `Bearer ${stranger}` })).status).toBe(403);
  });
});

describe("the Portkey key of a call", () => {
  it("is the caller's own where the server says so", async () => {
    const given: Given = { ...BEARER, credentials: "caller" };
    const keys = { "x-portkey-api-key": "pk-alice", "x-portkey-admin-api-key": "pk-alice-admin" };
    expect((await ask(given, { ...as("ci"), ...keys })).seen.keys).toEqual({
      workspaceKey: "pk-alice",
      adminKey: "pk-alice-admin",
    });
  });

  it("names a caller without any other name, by a fingerprint", async () => {
    const given: Given = { credentials: "caller" };
    const [first, again, other] = await Promise.all(
      ["pk-a", "pk-a", "pk-b"].map((key) => ask(given, { "x-portkey-api-key": key })),
    );
    expect(first?.seen.principal).toMatch(/^key:[\w-]{16}$/);
    expect(again?.seen.principal).toBe(first?.seen.principal);
    expect(other?.seen.principal).not.toBe(first?.seen.principal);
    expect(`${first?.seen.principal}${first?.seen.binding}`).not.toContain("pk-a");
  });

  it.each([
    ["no key", {}],
    ["only an admin key", { "x-portkey-admin-api-key": "pk-b" }],
    ["two keys", { "x-portkey-api-key": ["pk-a", "pk-b"] }],
    ["two keys joined by a proxy", { "x-portkey-api-key": "pk-a, pk-b" }],
    ["an empty key", { "x-portkey-api-key": "" }],
    ["a key with a space", { "x-portkey-api-key": "pk a" }],
    ["a key of 600 characters", { "x-portkey-api-key": "k".repeat(600) }],
    ["two admin keys", { "x-portkey-api-key": "pk-a", "x-portkey-admin-api-key": ["pk-a", "pk-b"] }],
  ])("is refused: %s", async (_name, headers) => {
    const { status, text } = await ask({ ...BEARER, credentials: "caller" }, { ...as("ci"), ...headers });
    expect(status).toBe(400);
    expect(text).not.toContain("pk-a");
  });

  it("is the one that the rule names", async () => {
    const text = `
version: 1
rules:
  - { name: ci, match: { subject: ci }, keys: { workspace: { env: KEY_CI } } }
  - { name: ops, match: { subject: ops }, keys: { workspace: { env: KEY_OPS }, admin: { env: KEY_ADMIN } } }
`;
    const given: Given = {
      ...BEARER,
      credentials: "policy",
      policyFile: { path: "policy.yaml", text },
      env: { KEY_CI: "pk-ci", KEY_OPS: "pk-ops", KEY_ADMIN: "pk-admin" },
    };
    expect((await ask(given, { ...as("ci"), "x-portkey-api-key": "pk-mine" })).seen.keys).toEqual({
      workspaceKey: "pk-ci",
    });
    expect((await ask(given, as("ops"))).seen.keys).toEqual({ workspaceKey: "pk-ops", adminKey: "pk-admin" });
  });
});

describe("what sessions are bound to", () => {
  const bindingOf = async (given: Given, headers: Record<string, string>) => (await ask(given, headers)).seen.binding;

  it("is the same on instances that are configured alike, and differs with principal, keys and secret", async () => {
    const caller: Given = { ...BEARER, credentials: "caller" };
    const encrypted: Given = {
      ...caller,
      eventStore: { kind: "redis", ttlSeconds: 1, maxEvents: 1, maxBytes: 1, encryptionKey: new Uint8Array(32) },
    };
    const bindings = await Promise.all([
      bindingOf(caller, { ...as("ci"), "x-portkey-api-key": "pk-a" }),
      bindingOf(caller, { ...as("ci"), "x-portkey-api-key": "pk-b" }),
      bindingOf(caller, { ...as("ci"), "x-portkey-api-key": "pk-a", "x-portkey-admin-api-key": "pk-b" }),
      bindingOf(caller, { ...as("ops"), "x-portkey-api-key": "pk-a" }),
      bindingOf(encrypted, { ...as("ci"), "x-portkey-api-key": "pk-a" }),
    ]);
    expect(new Set(bindings).size).toBe(bindings.length);
    expect(await bindingOf(caller, { ...as("ci"), "x-portkey-api-key": "pk-a" })).toBe(bindings[0]);
  });

  it("does not change with a wish", async () => {
    expect(await bindingOf(BEARER, { ...as("ci"), "x-mcp-readonly": "true" })).toBe(await bindingOf(BEARER, as("ci")));
  });
});
