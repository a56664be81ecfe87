/** One name, one person: the id of a principal follows from who it is, and from nobody else. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ANONYMOUS, principalOf, type Identity, type PrincipalKind } from "../../../src/http/auth/principal.ts";

function idOf(kind: PrincipalKind, subject: string, organisation: string | null): string {
  const identity: Identity = { kind, subject, organisation, client: null, roles: [], scopes: [] };
  return principalOf(identity).id;
}

describe("the id of a principal", () => {
  type Parts = readonly [PrincipalKind, string, string | null];
  const PAIRS: readonly (readonly [Parts, Parts])[] = [
    [
      ["jwt", "alice@acme", null],
      ["jwt", "alice", "acme"],
    ],
    [
      ["jwt", "a", "b@c"],
      ["jwt", "a@b", "c"],
    ],
    [
      ["jwt", "a%40b", null],
      ["jwt", "a@b", null],
    ],
    [
      ["jwt", "a", ""],
      ["jwt", "a@", null],
    ],
    [
      ["jwt", "a", "b"],
      ["token", "a", "b"],
    ],
    [
      ["jwt", "\ud800", null],
      ["jwt", "\ud801", null],
    ],
    [
      ["jwt", "a\u200b", null],
      ["jwt", "a", null],
    ],
  ];
  it.each(PAIRS)("tells %j from %j", (one, other) => expect(idOf(...one)).not.toBe(idOf(...other)));

  it("is readable where nothing has to be told apart", () => {
    expect(idOf("jwt", "user_2x", "org_2abc")).toBe("jwt:user_2x@org_2abc");
    expect(idOf("token", "deploy-bot", null)).toBe("token:deploy-bot");
    expect(idOf("jwt", "alice@example.com", null)).toBe("jwt:alice%40example.com");
    expect(principalOf(ANONYMOUS).id).toBe("anonymous");
  });

  it("is one line, and differs wherever the identity does", () => {
    const kind = fc.constantFrom<PrincipalKind>("jwt", "token", "key");
    const text = fc.string({ unit: fc.constantFrom("a", "@", "%", ":", "4", "0", "\n", "{", "}", "é", "\u2028") });
    const identity = fc.tuple(kind, text, fc.option(text));
    fc.assert(
      fc.property(identity, identity, (one, other) => {
        expect(idOf(...one)).not.toMatch(/\s/);
        expect(idOf(...one) === idOf(...other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
      { numRuns: 5_000 },
    );
  });
});
