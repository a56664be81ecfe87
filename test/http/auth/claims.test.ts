/** Tokens in the layouts that issuers really send, made here with their claims: who the server takes the bearer for. */
import type { JWTPayload } from "jose";
import { describe, expect, it } from "vitest";
import { identityOf } from "../../../src/http/auth/claims.ts";
import { createIssuerKeys } from "../../../src/http/auth/issuer-keys.ts";
import type { Identity } from "../../../src/http/auth/principal.ts";
import { createSignedTokens } from "../../../src/http/auth/signed-tokens.ts";
import { useIssuer } from "./issuer.ts";

const RESOURCE = "https://mcp.example.com/mcp";
const AUDIENCE = [RESOURCE];

const SHAPES: readonly { name: string; claims: JWTPayload; want: Omit<Identity, "kind" | "issuer"> }[] = [
  {
    name: "RFC 9068",
    claims: { sub: "5ba552d67", client_id: "s6BhdRkqt3", scope: "openid portkey:read", roles: ["ops"] },
    want: {
      subject: "5ba552d67",
      client: "s6BhdRkqt3",
      organisation: null,
      roles: ["ops"],
      scopes: ["openid", "portkey:read"],
    },
  },
  {
    name: "Keycloak 26",
    claims: {
      exp: 1,
      iat: 1,
      jti: "onrtac:1",
      iss: "https://id.example/realms/main",
      aud: [RESOURCE, "account"],
      sub: "f:1:alice",
      typ: "Bearer",
      azp: "claude-code",
      sid: "s",
      acr: "1",
      "allowed-origins": ["*"],
      realm_access: { roles: ["platform", "offline_access"] },
      resource_access: { [RESOURCE]: { roles: ["writer"] }, account: { roles: ["manage-account"] } },
      scope: "profile portkey:prompts:write",
      groups: ["/teams/platform"],
      organization: { acme: { id: "42c3e46f" } },
      preferred_username: "alice",
    },
    want: {
      subject: "f:1:alice",
      client: "claude-code",
      organisation: "acme",
      organisations: [["organization", "acme"]],
      roles: ["platform", "offline_access", "writer", "group:/teams/platform"],
      scopes: ["profile", "portkey:prompts:write"],
    },
  },
  {
    name: "Keycloak with two organisations",
    claims: { sub: "a", organization: ["acme", "globex"] },
    want: {
      subject: "a",
      client: null,
      organisation: null,
      organisations: [["organization", ["acme", "globex"]]],
      roles: [],
      scopes: [],
    },
  },
  {
    name: "Auth0 with RBAC",
    claims: {
      iss: "https://t.eu.auth0.com/",
      sub: "auth0|65",
      aud: [RESOURCE, "https://t.eu.auth0.com/userinfo"],
      azp: "V8k",
      scope: "openid portkey:read",
      permissions: ["portkey:keys:write"],
      org_id: "org_9yb",
      org_name: "acme",
      "https://acme.example/roles": ["sre"],
      gty: "password",
    },
    want: {
      subject: "auth0|65",
      client: "V8k",
      organisation: "org_9yb",
      organisations: [["org_id", "org_9yb"]],
      roles: ["sre"],
      scopes: ["openid", "portkey:read", "portkey:keys:write"],
    },
  },
  {
    name: "Auth0, a machine",
    claims: { sub: "V8k@clients", azp: "V8k", gty: "client-credentials", scope: "portkey:write" },
    want: { subject: "V8k@clients", client: "V8k", organisation: null, roles: [], scopes: ["portkey:write"] },
  },
  {
    name: "Entra v2, a person",
    claims: {
      aud: "6e74172b",
      iss: "https://login.microsoftonline.com/72f988bf/v2.0",
      azp: "04b07795",
      azpacr: "0",
      name: "Alice",
      oid: "690222be",
      rh: "I",
      roles: ["Portkey.Admin"],
      groups: ["0760b6cf"],
      scp: "portkey:read user_impersonation",
      sub: "HKZpfaHyWadeOouYlitjrI",
      tid: "72f988bf",
      uti: "x",
      ver: "2.0",
    },
    want: {
      subject: "HKZpfaHyWadeOouYlitjrI",
      client: "04b07795",
      organisation: "72f988bf",
      organisations: [["tid", "72f988bf"]],
      roles: ["Portkey.Admin", "group:0760b6cf"],
      scopes: ["portkey:read", "user_impersonation"],
    },
  },
  {
    name: "Entra v1, an application",
    claims: {
      aud: "api://6e74172b",
      iss: "https://sts.windows.net/72f988bf/",
      appid: "04b07795",
      appidacr: "1",
      idtyp: "app",
      oid: "690222be",
      roles: ["Portkey.Read"],
      sub: "690222be",
      tid: "72f988bf",
      ver: "1.0",
    },
    want: {
      subject: "690222be",
      client: "04b07795",
      organisation: "72f988bf",
      organisations: [["tid", "72f988bf"]],
      roles: ["Portkey.Read"],
      scopes: [],
    },
  },
  {
    name: "Clerk, session token of version 2",
    claims: {
      azp: "https://app.example.com",
      exp: 1,
      fva: [0, -1],
      iat: 1,
      iss: "https://clerk.example.com",
      nbf: 1,
      o: { id: "org_2x", rol: "admin", slg: "acme", per: "manage" },
      sid: "sess_1",
      sts: "active",
      sub: "user_2x",
      v: 2,
    },
    want: {
      subject: "user_2x",
      client: "https://app.example.com",
      organisation: "org_2x",
      organisations: [["o.id", "org_2x"]],
      roles: ["org:admin"],
      scopes: [],
    },
  },
  {
    name: "Clerk, session token of version 1",
    claims: {
      azp: "https://app.example.com",
      org_id: "org_2x",
      org_role: "org:member",
      org_slug: "acme",
      org_permissions: ["org:portkey:read"],
      sub: "user_2x",
    },
    want: {
      subject: "user_2x",
      client: "https://app.example.com",
      organisation: "org_2x",
      organisations: [["org_id", "org_2x"]],
      roles: ["org:member"],
      scopes: ["org:portkey:read"],
    },
  },
  {
    name: "Clerk, OAuth access token",
    claims: {
      iss: "https://clerk.example.com",
      sub: "user_2x",
      client_id: "cli_1",
      scope: "profile email",
      jti: "oat_1",
    },
    want: { subject: "user_2x", client: "cli_1", organisation: null, roles: [], scopes: ["profile", "email"] },
  },
  {
    name: "Okta",
    claims: {
      ver: 1,
      sub: "alice@example.com",
      cid: "0oa1",
      uid: "00u1",
      scp: ["openid", "portkey:read"],
      groups: ["Everyone"],
    },
    want: {
      subject: "alice@example.com",
      client: "0oa1",
      organisation: null,
      roles: ["group:Everyone"],
      scopes: ["openid", "portkey:read"],
    },
  },
  {
    name: "claims of unexpected types",
    claims: {
      sub: "a",
      client_id: { x: 1 },
      azp: ["x"],
      org_id: 5,
      roles: { admin: true },
      role: null,
      scope: 7,
      scp: [1, null, "", "portkey:read"],
      permissions: "portkey:write",
      groups: "ops",
      o: "org_1",
      realm_access: ["admin"],
      resource_access: { account: { roles: ["x"] } },
      organization: 3,
    },
    want: {
      subject: "a",
      client: null,
      organisation: null,
      organisations: [
        ["org_id", 5],
        ["o", ["org_1"]],
        ["organization", 3],
      ],
      roles: ["group:ops"],
      scopes: ["portkey:read", "portkey:write"],
    },
  },
];

/** Entra and others name an audience of their own, which the server would be configured with. */
function aud({ aud: given }: JWTPayload): { aud: string[] } {
  return { aud: [...AUDIENCE, ...[given ?? []].flat()] };
}

describe("the bearer of a token of", () => {
  const issuer = useIssuer("RS256");

  it.each(SHAPES)("$name", async ({ claims, want }) => {
    const keys = createIssuerKeys({ issuer: issuer.url, jwksUrl: null });
    const verify = createSignedTokens({ issuer: issuer.url, audience: AUDIENCE, algorithms: ["RS256"], keys });
    const now = Math.floor(Date.now() / 1000);
    const token = await issuer.sign(
      { ...claims, iss: issuer.url, iat: now, nbf: now, exp: now + 60, ...aud(claims) },
      { typ: "JWT" },
    );
    expect(await verify(token)).toEqual({ kind: "jwt", issuer: issuer.url, ...want });
  });

  it("Keycloak cannot make a group pass for a role", () => {
    expect(identityOf({ sub: "a", groups: ["platform"] }, AUDIENCE).roles).not.toContain("platform");
  });
});
