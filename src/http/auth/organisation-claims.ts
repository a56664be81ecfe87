/**
 * The organisation that a token speaks for. Issuers name it in different claims, and the same value in two of them
 * means two organisations: so the claim is kept with the value, and so is a value that is no name.
 */
import { createHash } from "node:crypto";
import { isObject, type Json } from "../../catalog/json.ts";

/** A claim that names an organisation, as the token gives it: a text, or a value that is not one. */
export type OrganisationClaim = readonly [claim: string, value: unknown];

/** The claim whose text needs no claim's name beside it. */
const PLAIN = "org_id";
/** A value that is no text and longer than this stands in a name as its digest. */
const LONGEST = 100;

/** In the order in which they count; null says the same as an absent claim, an empty text does not. */
export function organisationClaims(claims: Json): OrganisationClaim[] {
  const clerk = claims["o"];
  const given: readonly OrganisationClaim[] = [
    [PLAIN, claims[PLAIN]],
    isObject(clerk) ? ["o.id", clerk["id"]] : ["o", clerk === undefined || clerk === null ? clerk : [clerk]],
    ["tid", claims["tid"]],
    ["organization", aliasesOf(claims["organization"])],
  ];
  return given.filter(([, value]) => value !== undefined && value !== null);
}

/** The first that is a name: what rules of the policy file are matched with. */
export function organisationOf(claims: readonly OrganisationClaim[]): string | null {
  const texts = claims.map(([, value]) => value).filter((value) => typeof value === "string");
  return texts.find((text) => text !== "") ?? null;
}

/** Keycloak names organisations as a list, or as an object keyed by alias; more than one cannot be chosen from. */
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
  if (typeof value === "string") return claim === PLAIN ? `@${escape(value)}` : `@${claim}:${escape(value)}`;
  const json = JSON.stringify(value);
  if (json.length <= LONGEST) return `@${claim}=${escape(json)}`;
  return `@${claim}=sha256:${createHash("sha256").update(json).digest("base64url")}`;
}
