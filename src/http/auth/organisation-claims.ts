/**
 * The organisation that a token names. Issuers use different claims for it, and the same value in two of them means two
 * organisations: so the claim's name is kept with the value. Values that are no text are kept as well.
 */
import { createHash } from "node:crypto";
import { isObject, type Json } from "../../catalog/json.ts";

/** A claim that names an organisation, as the token gives it: a text, or a value that is not one. */
export type OrganisationClaim = readonly [claim: string, value: unknown];

/** The claim whose name is left out of labels. */
const DEFAULT_CLAIM = "org_id";
/** Characters of a value's JSON beyond which a label has its digest instead; texts are never shortened. */
const MAX_JSON = 100;

/** The claims that name an organisation, by precedence. Null counts as absent, an empty text does not. */
export function organisationClaims(claims: Json): OrganisationClaim[] {
  const clerk = claims["o"];
  const candidates: readonly OrganisationClaim[] = [
    [DEFAULT_CLAIM, claims[DEFAULT_CLAIM]],
    isObject(clerk) ? ["o.id", clerk["id"]] : ["o", clerk === undefined || clerk === null ? clerk : [clerk]],
    ["tid", claims["tid"]],
    ["organization", aliasesOf(claims["organization"])],
  ];
  return candidates.filter(([, value]) => value !== undefined && value !== null);
}

/** The first claim with a text that is not empty: the organisation that rules of the policy file match. */
export function organisationOf(claims: readonly OrganisationClaim[]): string | null {
  const texts = claims.map(([, value]) => value).filter((value) => typeof value === "string");
  return texts.find((text) => text !== "") ?? null;
}

/**
 * Keycloak's claim `organization` is a list of aliases, or an object keyed by alias.
 * A single alias is returned as a text; with several, none can be preferred, and the sorted list is returned.
 */
function aliasesOf(value: unknown): unknown {
  const names = isObject(value) ? Object.keys(value) : value;
  if (!Array.isArray(names) || !names.every((name) => typeof name === "string")) return names;
  const different = [...new Set(names)].sort();
  return different.length > 1 ? different : different[0];
}

/**
 * The claim as part of a principal's name: `@org_2x`, `@tid:72f9`, `@organization=["acme","globex"]` (escaped).
 * `escape` leaves no `@`, `:` or `=` in a text.
 */
export function organisationLabel([claim, value]: OrganisationClaim, escape: (text: string) => string): string {
  if (typeof value === "string") return claim === DEFAULT_CLAIM ? `@${escape(value)}` : `@${claim}:${escape(value)}`;
  const json = JSON.stringify(value);
  if (json.length <= MAX_JSON) return `@${claim}=${escape(json)}`;
  return `@${claim}=sha256:${createHash("sha256").update(json).digest("base64url")}`;
}
