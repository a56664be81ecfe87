import { describe, expect, it } from "vitest";
import { type Given, startGuardedApp } from "./guarded-app.ts";

const JWT: Given = {
  auth: {
    mode: "jwt",
    issuer: "https://id.example/realms/main",
    audience: ["x"],
    jwksUrl: null,
    algorithms: ["RS256"],
  },
};
const ROOT = "/.well-known/oauth-protected-resource";
const WANT = {
  resource: "https://mcp.example.com/mcp",
  authorization_servers: ["https://id.example/realms/main"],
  scopes_supported: ["portkey:read", "portkey:write"],
  bearer_methods_supported: ["header"],
  resource_name: "Portkey Admin MCP",
};

describe("the protected resource's metadata", () => {
  it.each([ROOT, `${ROOT}/mcp`])("stands at %s, open to every origin", async (url) => {
    const response = await startGuardedApp(JWT).inject({ url, headers: { origin: "https://anywhere.example" } });
    expect(response.json()).toEqual(WANT);
    expect(response.headers).toMatchObject({
      "access-control-allow-origin": "*",
      "content-type": "application/json; charset=utf-8",
    });
  });

  it("asks for no more than a read-only server grants", async () => {
    const response = await startGuardedApp({ ...JWT, server: { readOnly: true } }).inject({ url: ROOT });
    expect(response.json()).toMatchObject({ scopes_supported: ["portkey:read"] });
  });

  it.each([ROOT, `${ROOT}/mcp`, `${ROOT}/portkey/mcp`])(
    "names the public address, its path included: %s",
    async (url) => {
      const app = startGuardedApp({ ...JWT, publicBaseUrl: "https://tools.example.com/portkey" });
      expect((await app.inject({ url })).json()).toMatchObject({ resource: "https://tools.example.com/portkey/mcp" });
    },
  );

  it("is named by a 401 under the public address", async () => {
    const app = startGuardedApp({ ...JWT, publicBaseUrl: "https://tools.example.com/portkey" });
    const { headers } = await app.inject({ method: "POST", url: "/mcp" });
    expect(headers["www-authenticate"]).toContain(
      'resource_metadata="https://tools.example.com/.well-known/oauth-protected-resource/portkey/mcp"',
    );
  });

  it("follows the Host where no public address is set", async () => {
    const app = startGuardedApp({ ...JWT, publicBaseUrl: null });
    expect((await app.inject({ url: ROOT, headers: { host: "127.0.0.1:4000" } })).json()).toMatchObject({
      resource: "http://127.0.0.1:4000/mcp",
    });
    const { headers } = await app.inject({ method: "POST", url: "/mcp", headers: { host: "127.0.0.1:4000" } });
    expect(headers["www-authenticate"]).toBe(
      'Bearer resource_metadata="http://127.0.0.1:4000/.well-known/oauth-protected-resource/mcp", scope="portkey:read portkey:write"',
    );
  });

  it.each(["ignore", "narrow"])("names scopes as a policy file with scopes: %s has it", async (use) => {
    const file = (more: string) => ({
      path: "policy.yaml",
      text: `version: 1\nscopes: ${use}\n${more}rules: [{ name: a, match: anyone }]`,
    });
    const named = async (more: string) =>
      (await startGuardedApp({ ...JWT, policyFile: file(more) }).inject({ url: ROOT })).json<typeof WANT>()
        .scopes_supported;
    expect(await named("")).toEqual(use === "ignore" ? undefined : WANT.scopes_supported);
    expect(await named("challenge_scopes: [openid, 'user:org:read']\n")).toEqual(["openid", "user:org:read"]);
  });

  it.each([{ mode: "none" }, { mode: "bearer", tokens: [{ name: "a", token: "0123456789abcdef" }] }] as const)(
    "does not exist in mode $mode, which has no authorization server",
    async (auth) => {
      const app = startGuardedApp({ auth });
      expect((await app.inject({ url: ROOT })).statusCode).toBe(404);
      const { headers } = await app.inject({ method: "POST", url: "/mcp" });
      expect(headers["www-authenticate"] ?? "").not.toContain("resource_metadata");
    },
  );
});
