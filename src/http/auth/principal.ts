/** Who is calling, as the authentication mode found out. It holds names, never a token or a key. */
import type { Caller } from "../../mcp/registry.ts";
import { organisationLabel, type OrganisationClaim } from "./organisation-claims.ts";

/**
 * How the principal was recognised: not at all, by a static token, by a signed token (as its subject, or, where it has
 * none, as its client), or by the Portkey key it brings.
 */
export type PrincipalKind = "anonymous" | "token" | "jwt" | "client" | "key";

export interface Principal {
  /** For audit lines and logs: kind, subject, and organisation with the claim that names it. */
  readonly id: string;
  readonly kind: PrincipalKind;
  /** Who signed the token. Not part of the id, since a process trusts one issuer only. */
  readonly issuer?: string;
  readonly subject: string;
  /** The OAuth client that acts for the subject. */
  readonly client: string | null;
  readonly organisation: string | null;
  /** All that the token says about its organisation; absent where `organisation` is all there is. */
  readonly organisations?: readonly OrganisationClaim[];
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
}

/** What an authentication mode finds out; the id follows from it. */
export type Identity = Omit<Principal, "id">;

/** A caller over HTTP; one is made for each request. */
export interface HttpCaller extends Caller {
  readonly identity: Principal;
  /**
   * What sessions and streams are bound to: equal for the same principal with the same Portkey keys, on every instance.
   * Not secret.
   */
  readonly binding: string;
  /** What the policy was before the token's scopes narrowed it; absent where scopes play no part. */
  readonly beforeScopes?: Caller["policy"];
}

export const ANONYMOUS: Identity = {
  kind: "anonymous",
  subject: "anonymous",
  client: null,
  organisation: null,
  roles: [],
  scopes: [],
};

/**
 * The identity with its id. Identities that differ in kind, subject, organisation or the claim that names it never have
 * the same id, whatever characters these hold.
 */
export function principalOf(identity: Identity): Principal {
  const { kind, subject } = identity;
  if (kind === "anonymous") return { ...identity, id: subject };
  const labels = organisationsOf(identity).map((claim) => organisationLabel(claim, escapedWithin));
  return { ...identity, id: `${kind}:${escaped(subject)}${labels.join("")}` };
}

/** What distinguishes a principal from all others, also from those of other processes on the same Redis. */
export function distinguishingParts(identity: Identity): readonly unknown[] {
  const { kind, issuer, subject } = identity;
  return [kind, issuer, subject, organisationsOf(identity)];
}

function organisationsOf({ organisation, organisations }: Identity): readonly OrganisationClaim[] {
  return organisations ?? (organisation === null ? [] : [["org_id", organisation]]);
}

/** Escapes also what separates an organisation's claim from its value. */
function escapedWithin(part: string): string {
  return escaped(part).replace(/[:=]/g, encode);
}

/**
 * Percent-encodes characters that separate the parts of an id, that could forge or hide text in a log line, or that
 * look like others (combining marks, full-width letters, ligatures).
 */
function escaped(part: string): string {
  if (/^[\w.:|-]*$/.test(part)) return part;
  return Array.from(part, (character) =>
    /[%@\s\p{C}\p{M}]/u.test(character) || character.normalize("NFKC") !== character ? encode(character) : character,
  ).join("");
}

function encode(character: string): string {
  const code = character.codePointAt(0) as number;
  const hex = code.toString(16).toUpperCase();
  return code < 0x80 ? `%${hex.padStart(2, "0")}` : `%u{${hex}}`;
}
