/** Requests to log in that ask for what they cannot get, above all where to send the person back to. */
import { describe, expect, it } from "vitest";
import { rateLimit } from "../http-config.ts";
import { nextAddress } from "./browser.ts";
import { startFacade } from "./facade.ts";
import { REDIRECT } from "./person.ts";
import { RawClient } from "./raw-client.ts";
import { browser, client, useFacade } from "./use-facade.ts";

useFacade();

describe("the address to send the person back to", () => {
  it.each([
    ["a foreign host", "https://evil.example.com/callback"],
    ["another path", "http://127.0.0.1:9/other"],
    ["a path below", "http://127.0.0.1:9/callback/x"],
    ["a query more", "http://127.0.0.1:9/callback?x=1"],
    ["a fragment", "http://127.0.0.1:9/callback#x"],
    ["another name for this machine", "http://localhost:9/callback"],
    ["https", "https://127.0.0.1:9/callback"],
    ["a user name", "http://evil@127.0.0.1:9/callback"],
    ["a host that begins alike", "http://127.0.0.1.evil.example:9/callback"],
    ["a backslash", "http://127.0.0.1:9\\@evil.example/callback"],
    ["capitals", "HTTP://127.0.0.1:9/callback"],
    ["dots", "http://127.0.0.1:9/x/../callback"],
    ["nothing", "javascript:alert(1)"],
  ])("with %s is refused on a page, and nobody is sent there", async (_name, redirect) => {
    const page = await browser.open(client.address({ redirect_uri: redirect }));
    expect(page.status).toBe(400);
    expect(nextAddress(page)).toBeUndefined();
    expect(page.text).toContain("redirect_uri is not one that the client has registered");
    expect(page.text).not.toContain("evil");
  });

  it("may have any port on the person's own machine", async () => {
    const redirect = "http://127.0.0.1:51004/callback";
    const code = await client.code(browser, "alice", { redirect_uri: redirect });
    expect(await client.redeem(code, { redirect_uri: redirect })).toMatchObject({ status: 200 });
  });

  it.each([
    "http://example.com/callback",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://user:pass@example.com/",
    "https://example.com/#x",
    "file:///etc/passwd",
    "https://exa mple.com/",
    "no address",
  ])("%j cannot be registered", async (redirect) => {
    const { status, body } = await client.register({ redirect_uris: ["https://good.example.com/", redirect] });
    expect({ status, error: body["error"] }).toEqual({ status: 400, error: "invalid_redirect_uri" });
  });

  it("an object for the addresses is refused, also one whose length is no number", async () => {
    const { status, body } = await client.register({ redirect_uris: { length: [{ toString: 1 }] } });
    expect({ status, error: body["error"] }).toEqual({ status: 400, error: "invalid_redirect_uri" });
  });

  it.each([
    "https://claude.ai/api/mcp/auth_callback",
    "cursor://anysphere.cursor-mcp/oauth/callback",
    "http://[::1]:7/x",
  ])("%s can be", async (redirect) => {
    const { status, body } = await client.register({
      redirect_uris: [redirect],
      token_endpoint_auth_method: "client_secret_post",
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ token_endpoint_auth_method: "none", redirect_uris: [redirect] });
    expect(body["client_secret"]).toBeUndefined();
    const page = await browser.open(client.address({ redirect_uri: redirect }));
    expect(page.status).toBe(200);
  });
});

it("leads to no host but those that MCP_OAUTH_REDIRECT_HOSTS names, where it is set", async () => {
  const bounded = await startFacade({ auth: { redirectHosts: ["claude.ai", "cursor:"] } });
  try {
    const at = new RawClient(bounded.base);
    const statusOf = async (redirect: string) => {
      await at.register({ redirect_uris: [redirect] });
      return (await browser.open(at.address({ redirect_uri: redirect }))).status;
    };
    expect(await statusOf("https://claude.ai/api/mcp/auth_callback")).toBe(200);
    expect(await statusOf("cursor://anysphere/oauth")).toBe(200);
    expect(await statusOf(REDIRECT)).toBe(200);
    expect(await statusOf("https://claude.ai:8443/x")).toBe(400);
    expect(await statusOf("https://claude.ai.evil.example/x")).toBe(400);
    expect(await statusOf("https://evil.example/claude.ai")).toBe(400);
    expect(await statusOf("vscode://x/y")).toBe(400);
  } finally {
    await bounded.close();
  }
});

describe("a request that asks for what it cannot get", () => {
  it.each([
    ["no PKCE", { code_challenge: undefined }, "invalid_request"],
    ["plain PKCE", { code_challenge_method: "plain" }, "invalid_request"],
    ["a token at once", { response_type: "token" }, "unsupported_response_type"],
    ["a fragment answer", { response_mode: "fragment" }, "invalid_request"],
    ["another resource", { resource: "https://other.example.com/mcp" }, "invalid_target"],
    ["no scope of ours", { scope: "openid admin" }, "invalid_scope"],
    ["a request object", { request: "x" }, "request_not_supported"],
  ])("%s is told to the person, who may take it back to the client", async (_name, more, error) => {
    const page = await browser.open(client.address(more));
    expect(page.status).toBe(400);
    expect(nextAddress(page)).toBeUndefined();
    expect(page.text).toContain(`error=${error}`);
    expect(page.text).toContain("Back to a program on this computer");
  });

  it("a parameter given twice is refused", async () => {
    const url = client.address();
    url.searchParams.append("redirect_uri", "https://evil.example.com/");
    expect((await browser.open(url)).status).toBe(400);
  });

  it.each([
    ["a word", () => "x"],
    ["an id that was changed", () => `${client.id.slice(0, -2)}AA`],
    ["a token that nobody signed", () => "eyJhbGciOiJub25lIn0.e30."],
  ])("an unknown client is refused: %s", async (_what, id) => {
    const page = await browser.open(client.address({ client_id: id() }));
    expect(page.status).toBe(400);
    expect(page.text).toContain("not registered");
  });
});

it("a flood of registrations, questions or tokens is limited like any other", async () => {
  const limited = await startFacade({ config: { rateLimit: rateLimit({ max: 5 }) } });
  try {
    const flood = new RawClient(limited.base);
    const statuses = [];
    for (const ask of [
      () => flood.register(),
      () => flood.register(),
      () => flood.redeem("x"),
      () => flood.refresh("x"),
      () => flood.post("/oauth/revoke", { token: "x", client_id: "x" }),
      () => flood.register(),
    ])
      statuses.push((await ask()).status);
    expect(statuses).toEqual([201, 201, 400, 400, 200, 429]);
    expect((await browser.open(flood.address())).status).toBe(429);
  } finally {
    await limited.close();
  }
});
