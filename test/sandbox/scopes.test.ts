/** What an operation asks of a key's scopes. */
import { describe, expect, it } from "vitest";
import { allows, collectScopes } from "../../src/sandbox/http/scopes.ts";

describe("scopes", () => {
  it.each([
    ["", [], true],
    ["a", ["a", "b"], true],
    ["a", ["b"], false],
    ["a | b", ["b"], true],
    ["a | b", ["c"], false],
    ["a & b", ["a"], false],
    ["a & b", ["a", "b"], true],
    ["a & b | c", ["c"], true],
    ["a & b | c", ["b"], false],
  ])("%j is met by %j: %s", (expression, held, want) => {
    expect(allows(expression, new Set(held))).toBe(want);
  });

  it("of rules are named once, in order", () => {
    const rules = ["b & a", "a | c", ""].map((scopes) => ({ scopes, key: "any" }) as const);
    expect(collectScopes(rules)).toEqual(["a", "b", "c"]);
  });
});
