/** Logins through this server at an issuer that registers no clients, with the clients that people really use. */
import {
  StreamableHTTPClientTransport,
  Client as ModernClient,
  UnauthorizedError as Modern401,
} from "@modelcontextprotocol/client";
import { auth, UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as LegacyTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterEach, describe, expect, it } from "vitest";
import { startFacade, type Facade, type FacadeOptions } from "./facade.ts";
import { Person, REDIRECT } from "./person.ts";

let facade: Facade;
afterEach(() => facade.close());

async function start(options: FacadeOptions = {}): Promise<void> {
  facade = await startFacade({ answer: () => ({ data: [{ id: "pp-1", name: "greeting" }], total: 1 }), ...options });
}

async function connect(person: Person): Promise<Client> {
  const first = new LegacyTransport(facade.mcp, { authProvider: person });
  const client = new Client({ name: "test", version: "1" });
  await expect(client.connect(first as never)).rejects.toBeInstanceOf(UnauthorizedError);
  await first.finishAuth(person.code);
  const again = new Client({ name: "test", version: "1" });
  await again.connect(new LegacyTransport(facade.mcp, { authProvider: person }) as never);
  return again;
}

describe("a person with the SDK's client", () => {
  it("logs in from the 401, agrees, and calls a tool", async () => {
    await start();
    const alice = new Person("alice");
    const client = await connect(alice);

    expect(alice.asked[0]?.origin).toBe(facade.base);
    expect(alice.back.get("iss")).toBe(facade.base);
    expect(alice.back.get("state")).toBe("the client's state");
    const token = alice.saved?.access_token ?? "";
    expect(decodeProtectedHeader(token)).toEqual({ alg: "HS256", typ: "at+jwt" });
    expect(decodeJwt(token)).toMatchObject({
      iss: facade.base,
      aud: facade.mcp.href,
      sub: "alice",
      scope: "portkey:read portkey:write",
    });

    const result = await client.callTool({ name: "list_prompts", arguments: {} });
    expect(JSON.stringify(result.content)).toContain("greeting");
    expect(JSON.stringify(facade.server.portkey.requests)).not.toContain(token);
    await client.close();
  });

  it("gets new tokens without a person, as long as the issuer agrees", async () => {
    await start();
    const alice = new Person("alice");
    await (await connect(alice)).close();
    const first = alice.saved;
    expect(await auth(alice, { serverUrl: facade.mcp })).toBe("AUTHORIZED");
    expect(alice.saved?.refresh_token).not.toBe(first?.refresh_token);
    expect(alice.asked).toHaveLength(1);
    facade.provider.intercept = (path) =>
      path === "/token" ? { status: 400, body: JSON.stringify({ error: "invalid_grant" }) } : undefined;
    expect(await auth(alice, { serverUrl: facade.mcp }).catch(() => "REDIRECT")).toBe("REDIRECT");
  });

  it("is judged by the policy file, by what the issuer says of them", async () => {
    const text = `version: 1
rules:
  - { name: team, match: { role: "group:platform" }, read_only: true, domains: [prompts] }`;
    await start({ config: { policyFile: { path: "policy.yaml", text } } });
    const client = await connect(new Person("alice"));
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain("list_prompts");
    expect(tools.map(({ name }) => name)).not.toContain("create_prompt");
    expect(tools.map(({ name }) => name)).not.toContain("list_users");
    await client.close();
  });
});

describe("a person with @modelcontextprotocol/client", () => {
  it("logs in and calls a tool", async () => {
    await start();
    const alice = new Person("alice");
    const first = new StreamableHTTPClientTransport(facade.mcp, { authProvider: alice as never });
    const client = new ModernClient({ name: "test", version: "1" });
    await expect(client.connect(first)).rejects.toBeInstanceOf(Modern401);
    await first.finishAuth(alice.back);
    const again = new ModernClient({ name: "test", version: "1" });
    await again.connect(new StreamableHTTPClientTransport(facade.mcp, { authProvider: alice as never }));
    const result = await again.callTool({ name: "list_prompts", arguments: {} });
    expect(JSON.stringify(result.content)).toContain("greeting");
    await again.close();
  });
});

describe("what clients are told", () => {
  const json = async (path: string) =>
    (await fetch(`${facade.base}${path}`)).json() as Promise<Record<string, unknown>>;

  it("leads from the 401 to this server, and from there to its endpoints", async () => {
    await start({ config: { loginScopes: ["offline_access"] } });
    const { base } = facade;
    const { status, headers } = await fetch(facade.mcp, { method: "POST" });
    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toBe(
      `Bearer resource_metadata="${base}/.well-known/oauth-protected-resource/mcp", scope="portkey:read ` +
        `portkey:write offline_access"`,
    );
    expect(await json("/.well-known/oauth-protected-resource/mcp")).toMatchObject({
      resource: facade.mcp.href,
      authorization_servers: [base],
    });
    expect(await json("/.well-known/oauth-authorization-server")).toMatchObject({
      issuer: base,
      authorization_endpoint: `${base}/oauth/authorize`,
      token_endpoint: `${base}/oauth/token`,
      registration_endpoint: `${base}/oauth/register`,
      code_challenge_methods_supported: ["S256"],
      authorization_response_iss_parameter_supported: true,
      client_id_metadata_document_supported: true,
      scopes_supported: ["portkey:read", "portkey:write", "offline_access"],
    });
    expect(await json("/auth/info")).toMatchObject({
      mode: "oauth-proxy",
      resource: facade.mcp.href,
      authorization_servers: [base],
    });
    expect(await (await fetch(base)).text()).toContain("Your client will open a browser to log in.");
    const said = JSON.stringify([await json("/auth/info"), await json("/.well-known/oauth-authorization-server")]);
    expect(said).not.toContain("portkey-mcp");
  });

  it("stands where RFC 8414 puts it for an address with a path", async () => {
    await start({ config: { publicBaseUrl: "https://tools.example.com/portkey", allowedHosts: ["127.0.0.1"] } });
    expect(await json("/.well-known/oauth-authorization-server/portkey")).toMatchObject({
      issuer: "https://tools.example.com/portkey",
      token_endpoint: "https://tools.example.com/portkey/oauth/token",
    });
    const page = await fetch(`${facade.base}/oauth/authorize?client_id=x`);
    expect(page.status).toBe(400);
  });

  it("is no login where requests come through Portkey's gateway", async () => {
    await start({
      config: {
        auth: {
          mode: "portkey-gateway",
          tokens: [{ name: "gateway", token: "0123456789abcdef" }],
          issuer: "portkey-mcp-gateway",
          jwksUrl: "http://127.0.0.1:9/keys",
          algorithms: ["RS256"],
        },
      },
    });
    expect((await fetch(`${facade.base}/.well-known/oauth-protected-resource`)).status).toBe(404);
    expect((await fetch(`${facade.base}/.well-known/oauth-authorization-server`)).status).toBe(404);
    expect(await json("/auth/info")).toMatchObject({ mode: "portkey-gateway" });
    expect(await json("/auth/info")).not.toHaveProperty("authorization_servers");
    expect(await (await fetch(facade.base)).text()).toContain("MCP gateway");
  });
});

it("who says no is brought back with access_denied", async () => {
  await start();
  const alice = new Person("alice");
  alice.redirectToAuthorization = async (url: URL) => {
    alice.back = (await alice.browser.logIn(url, "alice", REDIRECT, "deny")).searchParams;
  };
  await auth(alice, { serverUrl: facade.mcp });
  expect(Object.fromEntries(alice.back)).toEqual({
    error: "access_denied",
    state: "the client's state",
    iss: facade.base,
  });
  expect(facade.provider.seen).toEqual([]);
});
