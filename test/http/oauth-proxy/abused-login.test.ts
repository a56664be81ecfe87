/** The question, the way back from the issuer, and a client known by a document: what they must withstand. */
import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Browser, fieldOf, nextAddress } from "./browser.ts";
import { SECRET, startFacade } from "./facade.ts";
import { REDIRECT } from "./person.ts";
import { RawClient } from "./raw-client.ts";
import { browser, client, facade, tokens, useFacade } from "./use-facade.ts";
import { listen } from "../../listen.ts";

useFacade();

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

  it.each(["{}", "[]", '[["ticket","x"],["decision","allow"]]', '"ticket=x"', "null", "7"])(
    "is not answered in JSON: %s",
    async (body) => {
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${facade.base}/oauth/consent`, { method: "POST", headers, body });
      expect([response.status, await response.text()]).toEqual([400, expect.stringContaining("x-www-form-urlencoded")]);
    },
  );

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
    ({ origin: at } = await listen(documents));
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
    [
      "has an object for them whose length is no number",
      () => ({ body: document(bad, { redirect_uris: { length: [{ toString: 1 }] } }) }),
      "redirect_uris",
    ],
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
