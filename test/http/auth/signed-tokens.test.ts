import { afterEach, describe, expect, it, vi } from "vitest";
import { AUDIENCE, type Given, startGuardedApp, type Seen } from "./guarded-app.ts";
import { makeKey, sign, startIssuer, trusting, useIssuer } from "./issuer.ts";

const ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"];
const issuer = useIssuer();
afterEach(() => void vi.useRealTimers());

function jwtConfig(more: Given = {}): Given {
  return { auth: trusting(issuer, AUDIENCE, { algorithms: ALGORITHMS }), ...more };
}

async function call(
  given: Given,
  token: string | undefined,
  headers: Record<string, string> = {},
  payload: object = {},
) {
  const app = startGuardedApp(given);
  const response = await app.inject({
    method: "POST",
    url: "/mcp",
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
    payload,
  });
  return { status: response.statusCode, challenge: response.headers["www-authenticate"], seen: response.json<Seen>() };
}

describe("a signed token", () => {
  it("is accepted and grants what its scopes say", async () => {
    const token = await issuer.sign({
      aud: [AUDIENCE, "other"],
      scope: "openid portkey:keys:write portkey:prompts:read",
      client_id: "cursor",
    });
    const { status, seen } = await call(jwtConfig(), token);
    expect(status).toBe(200);
    expect(seen).toMatchObject({
      principal: "jwt:alice",
      client: "cursor",
      tools: ["list_prompts", "get_prompt", "list_api_keys", "rotate_api_key"],
      keys: { workspaceKey: "pk-server" },
    });
  });

  it.each(["RS256", "PS256", "ES256", "EdDSA"])("may be signed with %s", async (alg) => {
    const other = await makeKey(`key-${alg}`, alg);
    const elsewhere = await startIssuer([other], "/realms/a");
    try {
      const token = await sign(other, { iss: elsewhere.url, aud: AUDIENCE, scope: "portkey:read" });
      const auth = trusting(elsewhere, AUDIENCE, { algorithms: ALGORITHMS });
      expect((await call({ auth }, token)).status).toBe(200);
    } finally {
      await elsewhere.close();
    }
  });

  it.each([
    ["a few seconds of difference between the clocks", { exp: -2, nbf: 4, iat: 4 }],
    ["no nbf and no iat", { nbf: undefined, iat: undefined, exp: 60 }],
  ])("is accepted with %s", async (_name, times) => {
    const now = Math.floor(Date.now() / 1000);
    const claims = Object.fromEntries(
      Object.entries(times).map(([name, value]) => [name, value === undefined ? undefined : now + value]),
    );
    const token = await issuer.sign({ aud: AUDIENCE, scope: "portkey:read", ...claims });
    expect((await call(jwtConfig(), token)).status).toBe(200);
  });

  it.each(["at+jwt", "application/at+jwt", "JWT", undefined])("may have the type %s", async (typ) => {
    const token = await issuer.sign({ aud: AUDIENCE, scope: "portkey:read" }, { typ } as {
      typ: string;
    });
    expect((await call(jwtConfig(), token)).status).toBe(200);
  });

  it("without kid is tried with every key of the issuer", async () => {
    const [first, second] = await Promise.all([makeKey("a"), makeKey("b")]);
    const many = await startIssuer([first, second]);
    try {
      const auth = trusting(many, AUDIENCE, { jwksUrl: `${many.url}/keys` });
      const claims = { iss: many.url, aud: AUDIENCE, scope: "portkey:read" };
      const tokens = await Promise.all(
        [first, second, issuer.key].map((signer) => sign(signer, claims, { kid: undefined } as never)),
      );
      const statuses: number[] = [];
      for (const token of tokens) statuses.push((await call({ auth }, token)).status);
      expect(statuses).toEqual([200, 200, 401]);
    } finally {
      await many.close();
    }
  });

  it("whose issuer is away is answered with 503, not with a refusal", async () => {
    const away = await startIssuer([issuer.key]);
    await away.close();
    const { status, challenge } = await call(
      { auth: trusting(away, AUDIENCE) },
      await sign(issuer.key, { iss: away.url, aud: AUDIENCE, scope: "portkey:read" }),
    );
    expect({ status, challenge }).toEqual({ status: 503, challenge: undefined });
  });

  it("that expires is refused though it was accepted before", async () => {
    const app = startGuardedApp(jwtConfig());
    const token = await issuer.sign({ aud: AUDIENCE, scope: "portkey:read" });
    const statusOf = async () =>
      (await app.inject({ method: "POST", url: "/mcp", headers: { authorization: `Bearer ${token}` } })).statusCode;
    expect(await statusOf()).toBe(200);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 306_000 });
    expect(await statusOf()).toBe(401);
  });
});

describe("a scope that is missing", () => {
  const metadata = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";
  const cases = [
    { scope: "portkey:read", tool: "rotate_api_key", status: 403, asked: "portkey:read portkey:write" },
    {
      scope: "portkey:prompts:read portkey:keys:read email",
      tool: "update_prompt",
      status: 403,
      asked: "portkey:prompts:read portkey:keys:read portkey:prompts:write",
    },
    { scope: "portkey:keys:write", tool: "get_prompt", status: 403, asked: "portkey:keys:write portkey:prompts:read" },
    { scope: "portkey:keys:write", tool: "list_api_keys", status: 200 },
    { scope: "portkey:write", tool: "get_prompt", status: 200 },
    {
      scope: "portkey:PROMPTS:write Portkey:write",
      tool: "get_prompt",
      status: 403,
      asked: "portkey:read portkey:write",
    },
    { scope: "", tool: "get_prompt", status: 403, asked: "portkey:read portkey:write" },
  ];
  it.each(cases)("$scope calling $tool: $status", async ({ scope, tool, status, asked }) => {
    const token = await issuer.sign({ aud: AUDIENCE, scope });
    const answer = await call(jwtConfig(), token, {}, { method: "tools/call", params: { name: tool } });
    expect(answer.status).toBe(status);
    if (asked === undefined) return;
    expect(answer.challenge).toContain('error="insufficient_scope"');
    expect(answer.challenge).toContain(`resource_metadata="${metadata}"`);
    expect(answer.challenge).toContain(`scope="${asked}"`);
  });

  it("is not asked for where the server itself refuses the tool", async () => {
    const token = await issuer.sign({ aud: AUDIENCE, scope: "portkey:read" });
    const answer = await call(
      jwtConfig({ server: { readOnly: true } }),
      token,
      {},
      { method: "tools/call", params: { name: "update_prompt" } },
    );
    expect(answer.status).toBe(200);
  });
});
