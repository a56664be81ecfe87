/** From the 401 to a tool's result at issuers that are shaped as Cognito and Entra are, with the SDK's client. */
import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { decodeJwt } from "jose";
import { afterEach, describe, expect, it } from "vitest";
import type { HttpConfig, IssuerConfig } from "../../../src/config/http-config.ts";
import { Person, REDIRECT } from "../oauth-proxy/person.ts";
import { startProvider, type Shape, type ShapedProvider } from "../oauth-proxy/provider.ts";
import { trusting } from "./issuer.ts";
import { serve, type Served } from "./served.ts";
import { freePort } from "../../free-port.ts";

const APP = "1h57kf5cpq17m0eml12example";
const API = "6e74172b-be56-4843-9ff4-e66a39bb12e3";
let provider: ShapedProvider;
let server: Served;
let address: URL;
afterEach(async () => {
  await server.stop();
  await provider.close();
});

async function start(shape: Partial<Shape>, auth: Partial<IssuerConfig>, more: Partial<HttpConfig> = {}) {
  const port = await freePort();
  address = new URL(`http://127.0.0.1:${port}/mcp`);
  const client = {
    client_id: APP,
    redirect_uris: [REDIRECT],
    token_endpoint_auth_method: "none",
    grant_types: ["authorization_code", "refresh_token"],
  };
  provider = await startProvider({ clients: [client], ...shape });
  const jwt = trusting({ url: provider.issuer }, address.href, { algorithms: ["RS256"], ...auth });
  server = await serve({ port, auth: jwt, ...more }, { answer: () => ({ data: [], total: 0 }) });
}

/** A person whose client was registered by hand, as these issuers want it. */
async function login(): Promise<{ person: Person; client: Client | number }> {
  const person = new Person("alice", { client_id: APP });
  const first = new StreamableHTTPClientTransport(address, { authProvider: person });
  const connecting = new Client({ name: "test", version: "1" }).connect(first as never);
  await expect(connecting).rejects.toBeInstanceOf(UnauthorizedError);
  await first.finishAuth(person.code);
  const token = person.saved?.access_token ?? "";
  const status = (await fetch(address, { method: "POST", headers: { authorization: `Bearer ${token}` } })).status;
  if (status === 401 || status === 403) return { person, client: status };
  const client = new Client({ name: "test", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(address, { authProvider: person }) as never);
  return { person, client };
}

async function namesOf(client: Client | number): Promise<string[]> {
  if (typeof client === "number") throw new Error(`the token was answered with ${client}`);
  const { tools } = await client.listTools();
  const result = await client.callTool({ name: "list_prompts", arguments: {} });
  expect(result.isError ?? false, JSON.stringify(result.content)).toBe(false);
  await client.close();
  return tools.map(({ name }) => name);
}

const COGNITO: Partial<Shape> = {
  scopes: ["portkey/read", "portkey/write"],
  token(payload) {
    delete payload["aud"];
    payload["token_use"] = "access";
    payload["client_id"] = APP;
  },
};
const COGNITO_SCOPES = [
  ["portkey/read", "portkey:read"],
  ["portkey/write", "portkey:write"],
] as const;

describe("an issuer like Cognito", () => {
  it("logs in with tokens that have no aud, and scopes with a slash", async () => {
    await start(COGNITO, { clientIds: [APP] }, { scopeMap: COGNITO_SCOPES });
    const { person, client } = await login();
    expect(person.asked[0]?.searchParams.get("scope")).toBe("portkey/read portkey/write");
    const claims = decodeJwt(person.saved?.access_token ?? "");
    expect(claims.aud).toBeUndefined();
    expect(claims["token_use"]).toBe("access");
    expect(await namesOf(client)).toContain("create_prompt");
  });

  it("is refused where the client is not named", async () => {
    await start(COGNITO, { clientIds: ["another"] }, { scopeMap: COGNITO_SCOPES });
    expect((await login()).client).toBe(401);
  });

  it("may do nothing where its scopes are not mapped", async () => {
    await start(COGNITO, { clientIds: [APP] }, { loginScopes: ["portkey/read"], scopeMap: [["x", "portkey:read"]] });
    expect((await login()).client).toBe(403);
  });
});

const ENTRA: Partial<Shape> = {
  audience: API,
  scopes: [`api://${API}/portkey.read`, `api://${API}/portkey.write`],
  token(payload) {
    // As v2.0 names scopes: without the address that they were asked for by.
    payload["scp"] = String(payload["scope"])
      .split(" ")
      .map((scope) => scope.split("/").at(-1))
      .join(" ");
    delete payload["scope"];
    payload["azp"] = payload["client_id"];
    delete payload["client_id"];
    payload["tid"] = "72f988bf";
    payload["ver"] = "2.0";
  },
};

describe("an issuer like Entra", () => {
  const scopeMap = [
    [`api://${API}/portkey.read`, "portkey:read"],
    [`api://${API}/portkey.write`, "portkey:write"],
    ["portkey.read", "portkey:read"],
    ["portkey.write", "portkey:write"],
  ] as const;

  it("logs in with the application as audience and scopes without colons", async () => {
    await start(ENTRA, { audience: [API, `api://${API}`] }, { scopeMap, loginScopes: ["offline_access"] });
    const { person, client } = await login();
    expect(person.asked[0]?.searchParams.get("scope")).toBe(
      `api://${API}/portkey.read api://${API}/portkey.write offline_access`,
    );
    const claims = decodeJwt(person.saved?.access_token ?? "");
    expect(claims).toMatchObject({ aud: API, scp: expect.stringContaining("portkey.write"), azp: APP });
    expect(person.saved?.refresh_token).toBeDefined();
    expect(await namesOf(client)).toContain("create_prompt");
  });

  it("is refused with the audience of another application", async () => {
    await start({ ...ENTRA, audience: "00000003-0000-0000-c000-000000000000" }, { audience: [API] }, { scopeMap });
    expect((await login()).client).toBe(401);
  });
});
