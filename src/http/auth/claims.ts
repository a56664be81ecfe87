/**
 * Reads the claims of a verified token, in the layouts of RFC 9068, plain OAuth, Keycloak, Auth0, Entra, Okta, Cognito
 * and Clerk (both versions of its session claims). A claim of an unexpected type counts as absent.
 */
import type { JWTPayload } from "jose";
import { organisationClaims, organisationOf } from "./organisation-claims.ts";
import type { Identity } from "./principal.ts";

type Claims = Readonly<Record<string, unknown>>;

/** `audience` lists the audiences that mean this server: Keycloak's client roles count only under one of them. */
export function identityOf(claims: JWTPayload, audience: readonly string[]): Identity {
  const clerk = object(claims["o"]);
  const organisations = organisationClaims(claims);
  const client = clientOf(claims);
  return {
    // A token without a subject is a client's own. Its kind tells it from a person whose subject is the same text.
    kind: claims.sub === undefined ? "client" : "jwt",
    ...(claims.iss !== undefined && { issuer: claims.iss }),
    subject: claims.sub ?? client ?? "",
    client,
    organisation: organisationOf(organisations),
    ...(organisations.length > 0 && { organisations }),
    roles: unique([
      ...texts(claims["roles"]),
      ...texts(claims["role"]),
      ...texts(claims["org_role"]),
      ...texts(clerk["rol"]).map((role) => `org:${role}`),
      ...texts(object(claims["realm_access"])["roles"]),
      ...audience.flatMap((name) => texts(object(object(claims["resource_access"])[name])["roles"])),
      ...namespacedRoles(claims),
      // The prefix tells groups from roles: in some directories anyone may create a group with any name.
      ...texts(claims["groups"]).map((group) => `group:${group}`),
      ...texts(claims["cognito:groups"]).map((group) => `group:${group}`),
    ]),
    scopes: unique([
      ...words(claims["scope"]),
      ...words(claims["scp"]),
      ...texts(claims["permissions"]),
      ...texts(claims["org_permissions"]),
    ]),
  };
}

/** The OAuth client that a token was issued to. */
export function clientOf(claims: Claims): string | null {
  return firstText(claims["client_id"], claims["azp"], claims["appid"], claims["cid"]);
}

/** Auth0 lets custom claims in only under a URL: `https://example.com/roles`. */
function namespacedRoles(claims: Claims): string[] {
  return Object.entries(claims).flatMap(([name, value]) => (/^https?:\/\/\S+\/roles$/.test(name) ? texts(value) : []));
}

function firstText(...values: readonly unknown[]): string | null {
  return values.find((value): value is string => typeof value === "string" && value !== "") ?? null;
}

/** A space-separated string, or a list. */
function words(value: unknown): string[] {
  return typeof value === "string" ? value.split(" ").filter((word) => word !== "") : texts(value);
}

/** A list's strings, or one string. */
function texts(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((entry): entry is string => typeof entry === "string" && entry !== "");
}

function object(value: unknown): Claims {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Claims) : {};
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list)];
}
