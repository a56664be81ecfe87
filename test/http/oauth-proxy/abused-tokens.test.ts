/** Codes and tokens of a login through this server: what they must withstand. */
import { SignJWT } from "jose";
import { describe, expect, it, vi } from "vitest";
import { Browser } from "./browser.ts";
import { SECRET, startFacade } from "./facade.ts";
import { RawClient } from "./raw-client.ts";
import { browser, client, facade, tokens, useFacade } from "./use-facade.ts";

useFacade();

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
