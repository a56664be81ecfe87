/** One name, one person: the id of a principal follows from who it is, and from nobody else. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { identityOf } from "../../../src/http/auth/claims.ts";
import {
  ANONYMOUS,
  distinguishingParts,
  principalOf,
  type Identity,
  type PrincipalKind,
} from "../../../src/http/auth/principal.ts";

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

/** Claims that name nobody, beside those that do. */
const OTHERS = { exp: 1, iat: 1, scope: "portkey:read", roles: ["ops"], azp: "cursor" };
const named = (claims: Record<string, unknown>) =>
  principalOf(identityOf({ iss: "https://issuer.example", sub: "alice", ...claims }, []));

describe("the name that claims give", () => {
  it.each([
    ["org_id", { org_id: "acme" }, "jwt:alice@acme"],
    ["Entra's tenant", { tid: "72f988bf" }, "jwt:alice@tid:72f988bf"],
    ["Clerk's organisation", { o: { id: "org_2x", rol: "admin" } }, "jwt:alice@o.id:org_2x"],
    ["Keycloak's organisation", { organization: ["acme"] }, "jwt:alice@organization:acme"],
    ["Keycloak's organisation with its id", { organization: { acme: { id: "1" } } }, "jwt:alice@organization:acme"],
    ["two claims", { org_id: "acme", tid: "7" }, "jwt:alice@acme@tid:7"],
    ["two organisations", { organization: ["b", "a"] }, 'jwt:alice@organization=["a","b"]'],
    ["a number", { tid: 7 }, "jwt:alice@tid=7"],
    ["no organisation", { org_id: null, organization: [] }, "jwt:alice"],
  ])("says %s", (_, claims, want) => expect(named(claims).id).toBe(want));

  const SAME_VALUE = [
    { org_id: "acme" },
    { o: { id: "acme" } },
    { o: "acme" },
    { o: ["acme"] },
    { tid: "acme" },
    { organization: "acme" },
    { org_id: "tid:acme" },
    { org_id: "acme", tid: "acme" },
    { tid: ["acme"] },
    { tid: '["acme"]' },
    { tid: { acme: 1 } },
    { organization: ["acme", "globex"] },
    { organization: ["acme", 1] },
    { organization: '["acme","globex"]' },
    { org_id: 1 },
    { org_id: "1" },
    { tid: 1 },
    { org_id: "" },
    { tid: "" },
    { org_id: false },
    { org_id: "ACME" },
    { org_id: "a\u0301cme" },
    { org_id: "\u00e1cme" },
    { org_id: "x".repeat(300) },
    { org_id: ["x".repeat(300)] },
    { org_id: [`${"x".repeat(299)}y`] },
    {},
  ];
  it("differs by the claim, the kind of value and the value, and so do session, limits and keys in Redis", () => {
    expect(new Set(SAME_VALUE.map((claims) => named(claims).id)).size).toBe(SAME_VALUE.length);
    const whole = SAME_VALUE.map((claims) => JSON.stringify(distinguishingParts(named(claims))));
    expect(new Set(whole).size).toBe(SAME_VALUE.length);
  });

  it("does not follow from what names nobody, and not from one issuer to another", () => {
    expect(named({ ...OTHERS, org_id: "acme" }).id).toBe(named({ org_id: "acme" }).id);
    expect(distinguishingParts(named({ iss: "https://other.example" }))).not.toEqual(distinguishingParts(named({})));
  });

  it("shows what reads like something else", () => {
    const alike = ["josé", "jose\u0301", "ｊosé", "jos\u200bé", "josé\u202e"].map((sub) => named({ sub }).id);
    expect(new Set(alike).size).toBe(alike.length);
    expect(alike.slice(1)).toEqual(alike.slice(1).map(() => expect.stringMatching(/%u\{[0-9A-F]+\}/)));
  });

  it("is one for one bearer, and never one for two", () => {
    const value = fc.oneof(
      fc.string({ unit: fc.constantFrom("a", "@", ":", "=", "%", "[", '"', "]", ",", ".", "t", "i", "d") }),
      fc.constantFrom<unknown>(1, 0, true, false, ["a"], ["a", "b"], { id: "a" }, { a: {} }, [], {}, "1", "true"),
    );
    const claims = fc.record(
      { sub: fc.constantFrom("a", "a@b", "a@tid:b", "A"), org_id: value, tid: value, o: value, organization: value },
      { requiredKeys: ["sub"] },
    );
    /** What the claims say, read once more and otherwise: Clerk's id, Keycloak's aliases, everything else as it is. */
    const meant = ({ sub, org_id: org, tid, o, organization }: Record<string, unknown>) => {
      const names =
        organization instanceof Object && !Array.isArray(organization) ? Object.keys(organization) : organization;
      const alias = Array.isArray(names) && names.length < 2 ? names[0] : names;
      const clerk = o instanceof Object && !Array.isArray(o) ? { id: (o as { id?: unknown }).id } : { whole: o };
      return JSON.stringify([sub, [org], [tid], clerk.id === undefined ? clerk.whole : clerk, [alias]]);
    };
    fc.assert(
      fc.property(claims, claims, (one, other) => {
        expect(named(one).id).not.toMatch(/\s/);
        expect(named(one).id === named(other).id).toBe(meant(one) === meant(other));
      }),
      { numRuns: 5_000 },
    );
  });
});
