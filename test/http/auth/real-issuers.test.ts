/** Tokens as issuers that are no textbook issuers really send them, and the settings under which they are accepted. */
import type { JWTPayload } from "jose";
import { describe, expect, it } from "vitest";
import type { IssuerConfig } from "../../../src/config/http-config.ts";
import { AUDIENCE as OURS, type Given, startGuardedApp, type Seen } from "./guarded-app.ts";
import { trusting, useIssuer } from "./issuer.ts";

const BASE = "https://mcp.example.com";
const issuer = useIssuer();

/** Undefined takes a claim away. */
type Claims = Readonly<Record<string, unknown>>;

interface Case {
  readonly auth?: Partial<IssuerConfig>;
  readonly config?: Given;
  readonly claims?: Claims;
}

async function call({ auth = {}, config = {}, claims = {} }: Case, tool?: string) {
  const app = startGuardedApp({ auth: trusting(issuer, OURS, auth), ...config });
  const token = await issuer.sign({ aud: OURS, scope: "portkey:read", ...claims } as JWTPayload);
  const response = await app.inject({
    method: "POST",
    url: "/mcp",
    headers: { authorization: `Bearer ${token}` },
    payload: tool === undefined ? {} : { method: "tools/call", params: { name: tool } },
  });
  const challenge = String(response.headers["www-authenticate"] ?? "");
  return { status: response.statusCode, challenge, seen: response.json<Seen>() };
}

describe("a token without aud", () => {
  const COGNITO = { aud: undefined, client_id: "1h57kf5cpq17m0eml12EXAMPLE", token_use: "access" };
  const clientIds = [COGNITO.client_id];
  const cases: readonly (readonly [name: string, given: Case, status: number])[] = [
    ["of one of our clients", { auth: { clientIds }, claims: COGNITO }, 200],
    ["of one of several", { auth: { clientIds: ["other", ...clientIds] }, claims: COGNITO }, 200],
    ["where no audience is configured at all", { auth: { clientIds, audience: [] }, claims: COGNITO }, 200],
    ["named by azp", { auth: { clientIds }, claims: { aud: undefined, azp: COGNITO.client_id } }, 200],
    ["without the setting", { claims: COGNITO }, 401],
    ["of another client", { auth: { clientIds: ["other"] }, claims: COGNITO }, 401],
    ["of no client", { auth: { clientIds }, claims: { aud: undefined } }, 401],
    ["of a client in a list", { auth: { clientIds }, claims: { aud: undefined, client_id: clientIds } }, 401],
    ["that is an ID token", { auth: { clientIds }, claims: { ...COGNITO, token_use: "id" } }, 401],
    ["that is the client in capitals", { auth: { clientIds: ["APP"] }, claims: { aud: undefined, azp: "app" } }, 401],
    ["but an empty list of them", { auth: { clientIds }, claims: { ...COGNITO, aud: [] } }, 401],
    ["but an empty one", { auth: { clientIds }, claims: { ...COGNITO, aud: "" } }, 401],
    ["but null", { auth: { clientIds }, claims: { ...COGNITO, aud: null } }, 401],
    ["but another's", { auth: { clientIds }, claims: { ...COGNITO, aud: "https://api.example.com" } }, 401],
    ["of another issuer", { auth: { clientIds }, claims: { ...COGNITO, iss: "https://other.example.com" } }, 401],
  ];
  it.each(cases)("%s", async (_name, given, status) => {
    expect((await call(given)).status).toBe(status);
  });
});

describe("aud", () => {
  const path = { publicBaseUrl: "https://tools.example.com/portkey" };
  const underPath = { audience: ["https://tools.example.com/portkey/mcp"] };
  const cases: readonly (readonly [aud: string | string[], status: number, given?: Case])[] = [
    [OURS, 200],
    [`${OURS}/`, 200],
    [BASE, 200],
    [`${BASE}/`, 200],
    [["https://other.example.com", `${OURS}/`], 200],
    [`${OURS}//`, 401],
    [`${BASE}/other`, 401],
    [`${BASE}/MCP`, 401],
    [`${BASE}:8443/mcp`, 401],
    ["http://mcp.example.com/mcp", 401],
    ["https://mcp.example.com.evil.example", 401],
    ["mcp.example.com", 401],
    [BASE, 200, { config: { publicBaseUrl: null } }],
    // With a path before /mcp the origin is everybody's who lives there.
    ["https://tools.example.com/portkey/mcp/", 200, { auth: underPath, config: path }],
    ["https://tools.example.com/portkey", 200, { auth: underPath, config: path }],
    ["https://tools.example.com", 401, { auth: underPath, config: path }],
    ["https://tools.example.com/", 401, { auth: underPath, config: path }],
    // An audience that is not this server's address is compared to the letter, but for RFC 3986's empty path.
    ["https://api.example.com/", 200, { auth: { audience: ["https://api.example.com"] } }],
    ["https://api.example.com", 200, { auth: { audience: ["https://api.example.com/"] } }],
    ["https://api.example.com/v1/", 401, { auth: { audience: ["https://api.example.com/v1"] } }],
    ["https://api.example.com", 401, { auth: { audience: ["https://api.example.com/mcp"] } }],
    ["api://6e74172b/", 401, { auth: { audience: ["api://6e74172b"] } }],
    ["6e74172b", 200, { auth: { audience: ["api://6e74172b", "6e74172b"] } }],
  ];
  it.each(cases)("%j: %i", async (aud, status, given) => {
    expect((await call({ ...(given as Case | undefined), claims: { aud } })).status).toBe(status);
  });
});

describe("a token without sub", () => {
  const noSub = { sub: undefined };
  it.each([["client_id"], ["azp"], ["appid"], ["cid"]])("is its client's (%s)", async (claim) => {
    const { status, seen } = await call({ claims: { ...noSub, [claim]: "deploy-bot" } });
    expect({ status, principal: seen.principal, client: seen.client }).toEqual({
      status: 200,
      principal: "client:deploy-bot",
      client: "deploy-bot",
    });
  });

  it.each([
    ["no client", {}],
    ["an empty client", { client_id: "" }],
    ["a client of 300 characters", { client_id: "c".repeat(300) }],
    ["a client that is a number", { client_id: 7 }],
  ])("and with %s is refused", async (_name, claims) => {
    expect((await call({ claims: { ...noSub, ...claims } })).status).toBe(401);
  });

  it("is not taken for a person of the client's name", async () => {
    const policyFile = {
      path: "policy.yaml",
      text: "version: 1\nrules: [{ name: a, match: { subject: alice } }, { name: b, match: { client: bot } }]",
    };
    const statusOf = async (claims: Claims) => (await call({ config: { policyFile }, claims })).status;
    expect(await statusOf({ sub: "alice" })).toBe(200);
    expect(await statusOf({ ...noSub, azp: "alice" })).toBe(403);
    expect(await statusOf({ ...noSub, azp: "bot" })).toBe(200);
    const binding = async (claims: Claims) => (await call({ claims })).seen.binding;
    expect(await binding({ sub: "alice", azp: "alice" })).not.toBe(await binding({ ...noSub, azp: "alice" }));
  });
});

describe("the issuer's clock", () => {
  const at = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;
  it.each([
    ["10 s ahead", undefined, () => ({ iat: at(10), nbf: at(10) }), 401],
    ["10 s ahead, with 30 s allowed", 30, () => ({ iat: at(10), nbf: at(10) }), 200],
    ["10 s behind, with 30 s allowed", 30, () => ({ exp: at(-10) }), 200],
    ["40 s behind, with 30 s allowed", 30, () => ({ exp: at(-40) }), 401],
    ["3 s ahead, with none allowed", 0, () => ({ iat: at(3), nbf: at(3) }), 401],
  ] as const)("%s", async (_name, clockToleranceSeconds, times, status) => {
    const auth = clockToleranceSeconds === undefined ? {} : { clockToleranceSeconds };
    expect((await call({ auth, claims: times() })).status).toBe(status);
  });
});

describe("scopes that the issuer calls otherwise", () => {
  const scopeMap = [
    ["api://6e74172b/portkey.read", "portkey:read"],
    ["portkey.read", "portkey:read"],
    ["portkey.write", "portkey:write"],
    ["Prompts.Editor", "portkey:prompts:write"],
    ["Prompts.Editor", "portkey:keys:read"],
    ["group:0760b6cf", "portkey:read"],
  ] as const;
  const config = { scopeMap };
  const cases: readonly (readonly [name: string, claims: Claims, tools: string[] | number])[] = [
    ["Entra's scp", { scope: undefined, scp: "portkey.read openid" }, ["list_prompts", "get_prompt", "list_api_keys"]],
    ["a list in scp", { scope: undefined, scp: ["portkey.read"] }, ["list_prompts", "get_prompt", "list_api_keys"]],
    [
      "an app role",
      { scope: undefined, roles: ["Prompts.Editor"] },
      ["list_prompts", "get_prompt", "update_prompt", "list_api_keys"],
    ],
    [
      "Auth0's permissions",
      { scope: "openid", permissions: ["portkey.read"] },
      ["list_prompts", "get_prompt", "list_api_keys"],
    ],
    ["a group", { scope: undefined, groups: ["0760b6cf"] }, ["list_prompts", "get_prompt", "list_api_keys"]],
    ["our own name still", { scope: "portkey:keys:read" }, ["list_api_keys"]],
    ["another name", { scope: "portkey.admin" }, 403],
    ["the name in capitals", { scope: "PORTKEY.READ" }, 403],
  ];
  it.each(cases)("%s", async (_name, claims, want) => {
    const { status, seen } = await call({ config, claims });
    if (typeof want === "number") return expect(status).toBe(want);
    expect(status).toBe(200);
    expect(want.filter((tool) => !seen.tools.includes(tool))).toEqual([]);
    expect(seen.tools).not.toContain("rotate_api_key");
  });

  it("are asked for by the issuer's name", async () => {
    const none = await call({ config, claims: { scope: "openid" } });
    expect(none.challenge).toContain('scope="api://6e74172b/portkey.read portkey.write"');
    const more = await call({ config, claims: { scope: undefined, scp: "portkey.read" } }, "rotate_api_key");
    expect(more.status).toBe(403);
    expect(more.challenge).toContain('scope="api://6e74172b/portkey.read portkey.write"');
  });

  it("may be mapped by the policy file", async () => {
    const text = `version: 1
scopes: require
scope_map: { portkey.read: "portkey:read", ops: ["portkey:keys:write", "portkey:prompts:read"] }
rules: [{ name: all, match: anyone }]`;
    const policyFile = { path: "policy.yaml", text };
    const { seen } = await call({ config: { policyFile }, claims: { scope: "ops" } });
    expect(seen.tools).toContain("rotate_api_key");
    expect(seen.tools).not.toContain("update_prompt");
    expect((await call({ config: { policyFile }, claims: { scope: "other" } })).status).toBe(403);
  });

  it.each([
    ["portkey:xyzzy:read", /names no domain; there are .*prompts/],
    ["portkey:promts:read", /line 2: scope_map.a: "portkey:promts:read" names no domain; the closest is prompts/],
    ["prompts:read", /line 2: scope_map.a: give scopes of this server/],
  ])("a policy file that maps to %s is refused", (scope, want) => {
    const text = `version: 1\nscope_map: { a: "${scope}" }\nrules: [{ name: all, match: anyone }]`;
    expect(() => startGuardedApp({ policyFile: { path: "policy.yaml", text } })).toThrow(want);
  });

  it("maps nothing where tokens are this server's own, or have no scopes", () => {
    const scopeMap = [["ops", "portkey:write"]] as const;
    const text = 'version: 1\nscope_map: { ops: "portkey:write" }\nrules: [{ name: all, match: anyone }]';
    const tokens = [{ name: "ci", token: "0123456789abcdef" }];
    const auth = { mode: "bearer", tokens } as const;
    expect(() => startGuardedApp({ auth, scopeMap })).toThrow(
      /^MCP_SCOPE_MAP is not used while MCP_AUTH_MODE is bearer/,
    );
    expect(() => startGuardedApp({ auth, policyFile: { path: "policy.yaml", text } })).toThrow(
      /^MCP_POLICY_FILE: scope_map is not used/,
    );
  });

  it("a setting that maps to a domain that does not exist is refused", () => {
    expect(() => startGuardedApp({ scopeMap: [["a", "portkey:promts:read"]] })).toThrow(
      /^MCP_SCOPE_MAP: .*the closest is prompts/,
    );
  });
});

describe("offline_access", () => {
  const named = async (config: Given) => {
    const app = startGuardedApp({ auth: trusting(issuer, OURS), ...config });
    const { headers } = await app.inject({ method: "POST", url: "/mcp" });
    const metadata = await app.inject({ url: "/.well-known/oauth-protected-resource" });
    return { challenge: headers["www-authenticate"], scopes: metadata.json<{ scopes_supported: string[] }>() };
  };

  it("is asked for at login where it is wanted, and not otherwise", async () => {
    const without = await named({});
    expect(without.challenge).toContain('scope="portkey:read portkey:write"');
    const wanted = await named({ loginScopes: ["openid", "offline_access"] });
    expect(wanted.challenge).toContain('scope="portkey:read portkey:write openid offline_access"');
    expect(wanted.scopes.scopes_supported).toEqual(["portkey:read", "portkey:write", "openid", "offline_access"]);
  });

  it("is asked for again with a further scope, so that it is not lost", async () => {
    const { challenge } = await call({ config: { loginScopes: ["offline_access"] } }, "rotate_api_key");
    expect(challenge).toContain('scope="portkey:read portkey:write offline_access"');
  });
});
