/** Behind Portkey's own MCP gateway: who calls is what it forwards, and only beside the secret. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Given, startGuardedApp, type Seen } from "./guarded-app.ts";
import { makeKey, sign, startIssuer, type Issuer, type SigningKey } from "./issuer.ts";

const SECRET = "a-secret-that-only-the-gateway-has";
const NEXT = "the-secret-that-comes-after-that-one";
let [key, foreign]: SigningKey[] = [];
let issuer: Issuer;

beforeAll(async () => {
  [key, foreign] = await Promise.all([makeKey("gateway", "RS256"), makeKey("gateway", "RS256")]);
  issuer = await startIssuer([key!]);
});
afterAll(() => issuer.close());

const forwarded = (claims: object = {}, by = key!) =>
  sign(
    by,
    {
      iss: "portkey-mcp-gateway",
      sub: "user-1",
      email: "alice@example.com",
      username: "alice",
      user_id: "user-1",
      workspace_id: "ws-1",
      organisation_id: "org-1",
      scope: "mcp completions.write",
      client_id: "claude",
      ...claims,
    },
    { typ: "JWT" },
  );

async function call(headers: Record<string, string>, config: Given = {}) {
  const app = startGuardedApp({
    auth: {
      mode: "portkey-gateway",
      tokens: [
        { name: "gateway", token: SECRET },
        { name: "next", token: NEXT },
      ],
      issuer: "portkey-mcp-gateway",
      jwksUrl: `${issuer.url}/keys`,
      algorithms: ["RS256"],
    },
    ...config,
  });
  const response = await app.inject({ method: "POST", url: "/mcp", headers, payload: {} });
  return { status: response.statusCode, challenge: response.headers["www-authenticate"], seen: response.json<Seen>() };
}
const secret = (value = SECRET) => ({ authorization: `Bearer ${value}` });

describe("the identity that Portkey's gateway forwards", () => {
  it("says who calls", async () => {
    const { status, seen } = await call({ ...secret(), "x-user-jwt": await forwarded() });
    expect(status).toBe(200);
    expect(seen).toMatchObject({
      client: "claude",
      organisation: "org-1",
      roles: ["workspace:ws-1", "email:alice@example.com"],
    });
    expect(seen.principal).toContain("jwt:user-1@");
    expect((await call({ ...secret(NEXT), "x-user-jwt": await forwarded() })).status).toBe(200);
  });

  const refused: readonly (readonly [name: string, headers: () => Promise<Record<string, string>>])[] = [
    ["without the secret", async () => ({ "x-user-jwt": await forwarded() })],
    ["with another secret", async () => ({ ...secret("another-secret-altogether"), "x-user-jwt": await forwarded() })],
    ["as the secret itself", async () => ({ authorization: `Bearer ${await forwarded()}` })],
    ["left out", async () => secret()],
    ["empty", async () => ({ ...secret(), "x-user-jwt": "" })],
    ["signed by another key", async () => ({ ...secret(), "x-user-jwt": await forwarded({}, foreign) })],
    ["of another issuer", async () => ({ ...secret(), "x-user-jwt": await forwarded({ iss: issuer.url }) })],
    ["that has run out", async () => ({ ...secret(), "x-user-jwt": await forwarded({ exp: 1 }) })],
    ["meant for another server", async () => ({ ...secret(), "x-user-jwt": await forwarded({ aud: "https://x" }) })],
    [
      "of nobody",
      async () => ({ ...secret(), "x-user-jwt": await forwarded({ sub: undefined, client_id: undefined }) }),
    ],
    ["in claims that nobody signed", async () => ({ ...secret(), "x-user-claims": '{"sub":"user-1"}' })],
  ];
  it.each(refused)("is refused %s", async (_name, headers) => {
    expect((await call(await headers())).status).toBe(401);
  });

  it("is matched by the policy file, by organisation, workspace and address", async () => {
    const text = `version: 1
rules:
  - { name: ours, match: { organisation: org-1, role: "workspace:ws-1" }, read_only: true }
  - { name: bob, match: { role: "email:bob@example.com" } }`;
    const config = { policyFile: { path: "policy.yaml", text } };
    const by = async (claims: object) => call({ ...secret(), "x-user-jwt": await forwarded(claims) }, config);
    expect((await by({})).seen.tools).not.toContain("update_prompt");
    expect((await by({ workspace_id: "ws-2" })).status).toBe(403);
    expect((await by({ organisation_id: "org-2", email: "bob@example.com" })).seen.tools).toContain("update_prompt");
  });

  it("means nothing in another mode", async () => {
    const auth = { mode: "bearer", tokens: [{ name: "ci", token: SECRET }] } as const;
    const { seen } = await call({ ...secret(), "x-user-jwt": await forwarded() }, { auth });
    expect(seen.principal).toBe("token:ci");
  });

  it("asks for no login that there is not", async () => {
    const { status, challenge } = await call({});
    expect(status).toBe(401);
    expect(challenge).toBe('Bearer realm="portkey-admin-mcp"');
  });
});
