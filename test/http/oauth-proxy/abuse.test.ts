/** What a login through this server must withstand. */
import { SignJWT } from "jose";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Browser, fieldOf, nextAddress } from "./browser.ts";
import { SECRET, startFacade, type Facade } from "./facade.ts";
import { REDIRECT } from "./person.ts";
import { RawClient } from "./raw-client.ts";

let facade: Facade;
let client: RawClient;
let browser: Browser;

beforeAll(async () => {
  facade = await startFacade();
});
afterAll(() => facade.close());
beforeEach(async () => {
  client = new RawClient(facade.base);
  browser = new Browser();
  await client.register();
});
afterEach(() => {
  delete facade.provider.intercept;
  vi.useRealTimers();
});

async function tokens(of = client, on = browser): Promise<{ access: string; refresh: string }> {
  const { status, body } = await of.redeem(await of.code(on));
  expect(status).toBe(200);
  return { access: body["access_token"] ?? "", refresh: body["refresh_token"] ?? "" };
}

describe("a code", () => {
  it("that comes again gives nothing, and ends what it gave before", async () => {
    const code = await client.code(browser);
    const { body } = await client.redeem(code);
    expect(await client.call(body["access_token"] ?? "")).toBe(200);
    expect(await client.redeem(code)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    expect(await client.call(body["access_token"] ?? "")).toBe(401);
    expect(await client.refresh(body["refresh_token"] ?? "")).toMatchObject({ status: 400 });
  });

  it.each([
    [
      "another client",
      async () => ({ client_id: String((await new RawClient(facade.base).register()).body["client_id"]) }),
    ],
    ["another redirect_uri", async () => ({ redirect_uri: "http://127.0.0.1:9/other" })],
    ["another verifier", async () => ({ code_verifier: new RawClient("").verifier })],
    ["a verifier that is too short", async () => ({ code_verifier: "short" })],
    ["the challenge as verifier", async () => ({ code_verifier: client.challenge })],
  ])("with %s gives nothing, and then nothing to its own client either", async (_name, more) => {
    const code = await client.code(browser);
    expect(await client.redeem(code, await more())).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    expect(await client.redeem(code)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  });

  it("ends after a minute", async () => {
    const code = await client.code(browser);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
    expect(await client.redeem(code)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  });

  it("for another resource is refused", async () => {
    const code = await client.code(browser);
    expect(await client.redeem(code, { resource: "https://other.example.com/mcp" })).toMatchObject({
      status: 400,
      body: { error: "invalid_target" },
    });
  });

  it("redeemed by many at once gives one of them something", async () => {
    const code = await client.code(browser);
    const answers = await Promise.all(Array.from({ length: 8 }, () => client.redeem(code)));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
  });
});

describe("a refresh token", () => {
  it("counts once; a stolen one ends the grant for the thief and the owner", async () => {
    const first = await tokens();
    const { body } = await client.refresh(first.refresh);
    expect(body["refresh_token"]).not.toBe(first.refresh);
    expect(await client.call(body["access_token"] ?? "")).toBe(200);
    expect(await client.refresh(first.refresh)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    expect(await client.refresh(body["refresh_token"] ?? "")).toMatchObject({ status: 400 });
    expect(await client.call(body["access_token"] ?? "")).toBe(401);
  });

  it("of another client is refused, and ends", async () => {
    const { refresh } = await tokens();
    const other = new RawClient(facade.base);
    await other.register({ client_name: "other" });
    expect(await other.refresh(refresh)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    expect(await client.refresh(refresh)).toMatchObject({ status: 400 });
  });

  it("may ask for less, not for more", async () => {
    const { body } = await client.redeem(await client.code(browser, "alice", { scope: "portkey:read openid" }));
    expect(body["scope"]).toBe("portkey:read");
    const more = await client.refresh(body["refresh_token"] ?? "", { scope: "portkey:write" });
    expect(more).toMatchObject({ status: 400, body: { error: "invalid_scope" } });
    expect(await client.refresh(body["refresh_token"] ?? "", { scope: "portkey:read" })).toMatchObject({ status: 200 });
  });

  it("still counts where the issuer could not be asked", async () => {
    const { refresh } = await tokens();
    facade.provider.intercept = (path) => (path === "/token" ? { status: 500, body: "{}" } : undefined);
    expect(await client.refresh(refresh)).toMatchObject({ status: 503, body: { error: "temporarily_unavailable" } });
    delete facade.provider.intercept;
    expect(await client.refresh(refresh)).toMatchObject({ status: 200 });
  });

  it.each(["", "x", ".", "a.b.c", "a.b", "é.é"])("that is none (%j) is refused", async (token) => {
    expect((await client.refresh(token)).status).toBe(400);
  });
});

describe("an access token", () => {
  it("of the issuer's own, of another key or for another server is refused", async () => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: facade.base, aud: facade.mcp.href, sub: "alice", sid: "x", iat: now, exp: now + 300 };
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256", typ: "at+jwt" })
      .sign(new TextEncoder().encode(SECRET));
    expect(await client.call(forged)).toBe(401);
    const other = await startFacade();
    try {
      const elsewhere = new RawClient(other.base);
      await elsewhere.register();
      const { access } = await tokens(elsewhere, new Browser());
      expect(await elsewhere.call(access)).toBe(200);
      expect(await client.call(access)).toBe(401);
    } finally {
      await other.close();
    }
  });

  it("ends after ten minutes", async () => {
    const { access } = await tokens();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 601_000 });
    expect(await client.call(access)).toBe(401);
  });

  it.each(["access", "refresh"] as const)("ends with the revocation of the %s token", async (kind) => {
    const held = await tokens();
    expect(await client.call(held.access)).toBe(200);
    const revoked = { token: held[kind], client_id: client.id };
    expect(await client.post("/oauth/revoke", { ...revoked, client_id: "another" })).toEqual({ status: 200, body: {} });
    expect(await client.call(held.access)).toBe(200);
    expect(await client.post("/oauth/revoke", revoked)).toEqual({ status: 200, body: {} });
    expect(await client.call(held.access)).toBe(401);
    expect((await client.refresh(held.refresh)).status).toBe(400);
    expect(facade.provider.seen).toContain("/token/revocation");
  });
});

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

  it("an unknown client is refused", async () => {
    for (const id of ["x", `${client.id.slice(0, -2)}AA`, "eyJhbGciOiJub25lIn0.e30."]) {
      const page = await browser.open(client.address({ client_id: id }));
      expect(page.status).toBe(400);
      expect(page.text).toContain("not registered");
    }
  });
});

it("a flood of registrations, questions or tokens is limited like any other", async () => {
  const rateLimit = { enabled: true, max: 5, windowMs: 60_000, store: "memory" } as const;
  const limited = await startFacade({ config: { rateLimit } });
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

describe("the question", () => {
  const answer = async (ticket: string, on: Browser, headers: Record<string, string> = {}) =>
    on.open(`${facade.base}/oauth/consent`, { ticket, decision: "allow" }, headers);
  const ticketOf = async (on: Browser) => fieldOf((await on.open(client.address())).text, "ticket");

  it("names the client in its own words, and where it leads", async () => {
    await client.register({
      client_name: 'Bank <script>alert(1)</script>"\u202e',
      redirect_uris: ["https://app.example.com/cb"],
    });
    const page = await browser.open(client.address({ redirect_uri: undefined, scope: "portkey:read" }));
    expect(page.text).not.toContain("<script");
    expect(page.text).not.toContain("\u202e");
    expect(page.text).toContain("app.example.com");
    expect(page.text).toContain("nobody has checked who it is");
    expect(page.headers.get("content-security-policy")).toBe(
      "default-src 'none';style-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'",
    );
    expect(page.headers.get("x-frame-options")).toBe("DENY");
    expect(page.headers.get("cache-control")).toBe("no-store");
    expect(page.headers.get("set-cookie")).toMatch(/^mcp-login=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=/);
  });

  it("is answered by nobody from another site, another browser or without the cookie", async () => {
    const ticket = await ticketOf(browser);
    const stranger = new Browser();
    await stranger.open(client.address());
    expect((await answer(ticket, stranger)).status).toBe(403);
    expect((await answer(ticket, new Browser())).status).toBe(403);
    expect((await answer(ticket, browser, { origin: "https://evil.example.com" })).status).toBe(403);
    expect((await answer(ticket, browser, { origin: "null" })).status).toBe(403);
    expect((await answer(ticket, browser, { "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await answer(ticket, browser, { "sec-fetch-site": "same-site" })).status).toBe(403);
    expect((await answer(ticket, browser, { origin: facade.base, "sec-fetch-site": "same-origin" })).status).toBe(200);
  });

  it("is answered in ten minutes or not at all", async () => {
    const ticket = await ticketOf(browser);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 601_000 });
    const page = await answer(ticket, browser);
    expect(page.status).toBe(400);
    expect(page.text).toContain("took too long");
  });

  it("cannot be made up", async () => {
    await ticketOf(browser);
    const page = await answer("eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..a.b.c", browser);
    expect(page.status).toBe(400);
  });

  it("is asked every time", async () => {
    await tokens();
    const page = await browser.open(client.address());
    expect(page.text).toContain('name="ticket"');
  });
});

describe("coming back from the issuer", () => {
  /** Stops where the issuer sends the person back to this server. */
  const comingBack = (on: Browser) => on.logIn(client.address(), "alice", `${facade.base}/oauth/callback`);

  it("counts in the browser that agreed alone", async () => {
    const back = await comingBack(browser);
    expect((await new Browser().open(back)).status).toBe(403);
    // And whoever tried has spoilt it.
    expect((await browser.open(back)).status).toBe(400);
  });

  it("counts once", async () => {
    const back = await comingBack(browser);
    expect((await browser.open(back)).status).toBe(302);
    const again = await browser.open(back);
    expect(again.status).toBe(400);
    expect(nextAddress(again)).toBeUndefined();
  });

  it("with another state is refused", async () => {
    const back = await comingBack(browser);
    back.searchParams.set("state", "other");
    expect((await browser.open(back)).status).toBe(400);
  });

  it.each(["https://evil.example.com", ""])("with the name of another issuer (%j) gives no code", async (iss) => {
    const back = await comingBack(browser);
    if (iss === "") back.searchParams.delete("iss");
    else back.searchParams.set("iss", iss);
    const before = facade.provider.seen.filter((path) => path === "/token").length;
    const page = await browser.open(back);
    expect(page.status).toBe(502);
    expect(nextAddress(page)).toBeUndefined();
    expect(facade.provider.seen.filter((path) => path === "/token")).toHaveLength(before);
  });

  it("with the code of another login gives no code", async () => {
    const other = new Browser();
    const stolen = (await comingBack(other)).searchParams.get("code") ?? "";
    const back = await comingBack(browser);
    back.searchParams.set("code", stolen);
    const answered = await browser.open(back);
    expect(nextAddress(answered)?.searchParams.get("code") ?? null).toBeNull();
  });

  it("after ten minutes is too late", async () => {
    const back = await comingBack(browser);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 601_000 });
    expect((await browser.open(back)).status).toBe(400);
  });
});

it("the client's secret at the issuer may change while the server runs", async () => {
  const renewed = await startFacade({ auth: { clientSecret: "no longer the secret" } });
  try {
    const at = new RawClient(renewed.base);
    await at.register();
    const back = await browser.logIn(at.address(), "alice", `${renewed.base}/oauth/callback`);
    expect((await browser.open(back)).status).toBe(502);
    const auth = { ...renewed.auth, clientSecret: SECRET };
    renewed.server.renew({ http: { ...renewed.http, auth }, credentials: {} });
    expect(await at.call((await tokens(at, browser)).access)).toBe(200);
  } finally {
    await renewed.close();
  }
});

describe("a client that is known by a document", () => {
  let documents: Server;
  let at: string;
  let answers: Record<string, { status?: number; headers?: Record<string, string>; body: unknown }> = {};
  let fetched = 0;
  // What was found is kept for a while.
  let later = Date.now();
  beforeAll(async () => {
    documents = createServer((request, response) => {
      fetched += 1;
      const { status = 200, headers = {}, body } = answers[request.url ?? ""] ?? { status: 404, body: "" };
      response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
    });
    await new Promise<void>((resolve) => documents.listen(0, "127.0.0.1", resolve));
    at = `http://127.0.0.1:${(documents.address() as AddressInfo).port}`;
  });
  afterAll(() => void documents.close());
  const document = (path: string, more: object = {}) => ({
    client_id: `${at}${path}`,
    client_name: "Documented",
    redirect_uris: [REDIRECT],
    ...more,
  });

  it("logs in with its address as its id, and is fetched once", async () => {
    answers = { "/client.json": { body: document("/client.json") } };
    client.id = `${at}/client.json`;
    const before = fetched;
    expect((await browser.open(client.address())).text).toContain(`It is described at ${new URL(at).host}`);
    const { access } = await tokens();
    expect(await client.call(access)).toBe(200);
    expect(fetched - before).toBe(1);
  });

  const bad = `/bad`;
  it.each([
    ["names another id", () => ({ body: document("/other.json") }), "does not name the address"],
    ["has no redirect addresses", () => ({ body: document(bad, { redirect_uris: [] }) }), "redirect_uris"],
    ["has a bad one", () => ({ body: document(bad, { redirect_uris: ["javascript:x"] }) }), "redirect_uris.0"],
    [
      "authenticates",
      () => ({ body: document(bad, { token_endpoint_auth_method: "private_key_jwt" }) }),
      "authenticate",
    ],
    ["uses no codes", () => ({ body: document(bad, { grant_types: ["implicit"] }) }), "authorization codes"],
    ["is not JSON", () => ({ body: "<html>" }), "not JSON"],
    ["is null", () => ({ body: "null" }), "does not name the address"],
    ["is too large", () => ({ body: document(bad, { x: "x".repeat(20_000) }) }), "larger than"],
    ["redirects", () => ({ status: 302, headers: { location: "/client.json" }, body: "" }), "answered with 302"],
    ["is not there", () => ({ status: 404, body: "" }), "answered with 404"],
  ])("that %s is refused", async (_name, answerOf, want) => {
    answers = { [bad]: answerOf() };
    client.id = `${at}${bad}`;
    vi.useFakeTimers({ toFake: ["Date"], now: (later += 3_600_000) });
    const page = await browser.open(client.address());
    expect(page.status).toBe(400);
    expect(page.text).toContain("The client is not known");
    expect(page.text).toContain(want);
    expect(nextAddress(page)).toBeUndefined();
  });

  it.each([
    "http://10.0.0.1/client.json",
    "https://169.254.169.254/latest/meta-data",
    "https://localhost/client.json",
    "https://metadata.internal/x",
    "http://example.com/client.json",
    "https://example.com",
    "https://example.com/",
    "https://user@example.com/x",
    "https://example.com/x#y",
    "https://EXAMPLE.com/x",
    "https://example.com/a/../x",
    "https://example.com:443/x",
  ])("at %s is not asked for", async (id) => {
    client.id = id;
    const page = await browser.open(client.address());
    expect(page.status).toBe(400);
    expect(page.text).toContain("The client is not known");
  });
});
