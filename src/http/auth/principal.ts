/**
 * Who is calling, as the authentication mode found out. Holds names only: never a token, never a key.
 */
import type { Caller } from "../../mcp/registry.ts";

/**
 * How the principal was recognised: not at all, by a static token, by a signed token, or by the Portkey key it brings.
 */
export type PrincipalKind = "anonymous" | "token" | "jwt" | "key";

export interface Principal {
  /** For audit lines, rate limits and logs: kind, subject and organisation. */
  readonly id: string;
  readonly kind: PrincipalKind;
  readonly subject: string;
  /** The OAuth client that acts for the subject. */
  readonly client: string | null;
  readonly organisation: string | null;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
}

/** What an authentication mode finds out; the id follows from it. */
export type Identity = Omit<Principal, "id">;

/** A caller over HTTP, made anew for each request. */
export interface HttpCaller extends Caller {
  readonly identity: Principal;
  /**
   * Equal for the same principal with the same Portkey keys, on every instance: what sessions and streams are bound to.
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

/** No two identities that differ in kind, subject or organisation have the same id, whatever these hold. */
export function principalOf(identity: Identity): Principal {
  const { kind, subject, organisation } = identity;
  if (kind === "anonymous") return { ...identity, id: subject };
  const name = `${kind}:${escaped(subject)}`;
  return { ...identity, id: organisation === null ? name : `${name}@${escaped(organisation)}` };
}

/** What divides the parts of an id, and what could forge a line or hide in one, is percent-encoded. */
function escaped(part: string): string {
  return part.replace(/[%@\s\p{C}]/gu, (character) => {
    const code = character.codePointAt(0) as number;
    const hex = code.toString(16).toUpperCase();
    return code < 0x80 ? `%${hex.padStart(2, "0")}` : `%u{${hex}}`;
  });
}
