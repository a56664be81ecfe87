/** What doctor says of an issuer, at real ones. */
import { afterEach, describe, expect, it } from "vitest";
import { checkIssuer } from "../../src/cli/doctor/issuer.ts";
import type { AuthConfig } from "../../src/config/http-config.ts";
import { makeKey, startIssuer, type Issuer } from "../http/auth/issuer.ts";
import { httpConfig } from "../http/http-config.ts";

const open: Issuer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((issuer) => issuer.close()));
});

async function issuer(more: object | undefined = undefined): Promise<Issuer> {
  const started = await startIssuer([await makeKey("a")]);
  open.push(started);
  const metadata = { issuer: started.url, jwks_uri: `${started.url}/keys`, ...more };
  if (more !== undefined)
    started.answers["/.well-known/oauth-authorization-server"] = { status: 200, body: JSON.stringify(metadata) };
  return started;
}
const said = async (auth: AuthConfig) =>
  (await checkIssuer(httpConfig({ auth, publicBaseUrl: "https://mcp.example.com" }))).map(
    ({ level, text, todo = "" }) => `${level} ${text} ${todo}`,
  );
const jwt = (url: string, jwksUrl: string | null = null): AuthConfig => ({
  mode: "jwt",
  issuer: url,
  audience: ["a"],
  jwksUrl,
  algorithms: ["ES256"],
});
const proxy = (url: string): AuthConfig => ({
  mode: "oauth-proxy",
  issuer: url,
  endpoints: null,
  userinfo: null,
  clientId: "c",
  clientSecret: null,
  scopes: ["openid"],
});

describe("doctor, of an issuer", () => {
  const S256 = { code_challenge_methods_supported: ["S256"] };

  it("that is in order, says that its keys are there", async () => {
    const { url } = await issuer({ ...S256, registration_endpoint: "https://x/register" });
    expect(await said(jwt(url))).toEqual([`ok The keys of ${url} are there. `]);
  });

  it("that registers no clients and says nothing of PKCE, says both", async () => {
    const { url } = await issuer({});
    const lines = await said(jwt(url));
    expect(lines.join("\n")).toMatch(/registers no clients.*oauth-proxy/);
    expect(lines.join("\n")).toMatch(/PKCE \(S256\)/);
  });

  it("whose name differs by a slash, says that it is wrong to the letter", async () => {
    const { url } = await issuer({});
    const [line] = await said(jwt(`${url}/`));
    expect(line).toMatch(/^wrong The keys of .* cannot be had: .*speaks for .*MCP_JWT_ISSUER \(to the letter/);
  });

  it("with keys at an address of their own, only notes that there is no metadata", async () => {
    const started = await issuer();
    started.answers["/.well-known/openid-configuration"] = { status: 404, body: "" };
    const lines = await said(jwt(started.url, `${started.url}/keys`));
    expect(lines[0]).toMatch(/^ok The keys/);
    expect(lines[1]).toMatch(/^note .*no metadata/);
  });

  it("that is away, names the setting", async () => {
    const started = await issuer({});
    await started.close();
    expect((await said(jwt(started.url)))[0]).toMatch(/^wrong /);
    expect((await said(proxy(started.url)))[0]).toMatch(/^wrong .*MCP_OAUTH_ISSUER/);
  });

  it("that people log in at through this server, says which address it must know", async () => {
    const { url } = await issuer({
      ...S256,
      authorization_endpoint: "https://id.example.com/a",
      token_endpoint: "https://id.example.com/t",
    });
    expect(await said(proxy(url))).toEqual([
      `ok The metadata of ${url} is there. `,
      "note The issuer must know the redirect address https://mcp.example.com/oauth/callback. ",
    ]);
  });

  it("that names no place to log in, says that it is wrong", async () => {
    const { url } = await issuer(S256);
    expect((await said(proxy(url)))[0]).toMatch(/^wrong .* names no authorization_endpoint/);
  });

  it("of Portkey's gateway, says whether its keys are there", async () => {
    const { url } = await issuer();
    const gateway = (jwksUrl: string): AuthConfig => ({
      mode: "portkey-gateway",
      tokens: [],
      issuer: "portkey-mcp-gateway",
      jwksUrl,
      algorithms: ["RS256"],
    });
    expect(await said(gateway(`${url}/keys`))).toEqual(["ok The keys of portkey-mcp-gateway are there. "]);
    expect((await said(gateway(`${url}/nothing`)))[0]).toMatch(/^wrong .*MCP_GATEWAY_JWKS_URL/);
  });

  it("where there is none, says nothing", async () => {
    expect(await said({ mode: "none" })).toEqual([]);
    expect(await said({ mode: "bearer", tokens: [] })).toEqual([]);
  });
});
