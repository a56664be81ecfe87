/** Login at an issuer that is older than OpenID Connect: no metadata, no ID token, a number for a name. */
import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import { decodeJwt } from "jose";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Browser, nextAddress } from "./browser.ts";
import { startFacade, type Facade } from "./facade.ts";
import { REDIRECT } from "./person.ts";
import { RawClient } from "./raw-client.ts";
import { listen } from "../../listen.ts";

let hub: Server;
let facade: Facade;
let person: { status: number; body: unknown };
let challenge = "";
const grants: URLSearchParams[] = [];

beforeEach(async () => {
  person = { status: 200, body: { id: 583_231, login: "octocat", email: "octo@example.com" } };
  hub = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://hub");
    if (url.pathname === "/authorize") {
      challenge = url.searchParams.get("code_challenge") ?? "";
      const back = new URL(url.searchParams.get("redirect_uri") ?? "");
      back.searchParams.set("code", "hub-code");
      back.searchParams.set("state", url.searchParams.get("state") ?? "");
      return void response.writeHead(302, { location: back.href }).end();
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.setHeader("content-type", "application/json");
    if (url.pathname === "/token") {
      grants.push(new URLSearchParams(Buffer.concat(chunks).toString()));
      return void response.end(JSON.stringify({ access_token: "hub-token", token_type: "bearer", scope: "read:user" }));
    }
    const known = request.headers.authorization === "Bearer hub-token" && request.headers["user-agent"] !== undefined;
    response.writeHead(known ? person.status : 401).end(JSON.stringify(person.body));
  });
  const { origin: at } = await listen(hub);
  facade = await startFacade({
    config: {
      auth: {
        mode: "oauth-proxy",
        issuer: null,
        endpoints: { authorization: `${at}/authorize`, token: `${at}/token` },
        userinfo: `${at}/user`,
        clientId: "portkey-mcp",
        clientSecret: "hub-secret",
        scopes: ["read:user"],
      },
    },
  });
});
afterEach(async () => {
  await facade.close();
  hub.closeAllConnections();
  hub.close();
});

it("logs the person in by what the issuer says of them", async () => {
  const client = new RawClient(facade.base);
  await client.register();
  const { body } = await client.redeem(await client.code(new Browser()));
  // The address is not said to be verified, so that it is no role.
  expect(decodeJwt(body["access_token"] ?? "")).toMatchObject({ sub: "583231", person: { roles: [] } });
  expect(await client.call(body["access_token"] ?? "")).toBe(200);
  const proof = createHash("sha256")
    .update(grants.at(-1)?.get("code_verifier") ?? "")
    .digest("base64url");
  expect(proof).toBe(challenge);
  // It gave no refresh token: the login lasts as it is.
  expect(await client.refresh(body["refresh_token"] ?? "")).toMatchObject({ status: 200 });
});

it.each([
  ["nothing of them", { status: 200, body: {} }],
  ["a name that is none", { status: 200, body: { sub: { a: 1 } } }],
  ["no list but one", { status: 200, body: ["octocat"] }],
  ["that the token does not count", { status: 401, body: {} }],
  ["that it is out of order", { status: 500, body: "" }],
])("gives no code where the issuer says %s", async (_name, said) => {
  person = said;
  const client = new RawClient(facade.base);
  await client.register();
  const browser = new Browser();
  const back = await browser.logIn(client.address(), "alice", `${facade.base}/oauth/callback`);
  const page = await browser.open(back);
  expect(page.status).toBe(502);
  expect(nextAddress(page)?.href.startsWith(REDIRECT) ?? false).toBe(false);
});
