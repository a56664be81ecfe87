import { describe, expect, test } from "vitest";
import { bind } from "../../src/portkey/request/bind.ts";
import { args, record } from "./records.ts";

const TOOL = record({ arguments: args("query", "q") });

describe("what a query cannot carry is refused, not dropped", () => {
  test.each([
    [null, "must not be null, which a query cannot carry: leave it out"],
    [[], "must not be an empty list, which a query cannot carry: leave it out"],
    [{}, "must not be an empty object, which a query cannot carry: leave it out"],
    [[null], "must not be null, which a query cannot carry: leave it out"],
    [[["a"]], "is nested deeper than a query can carry"],
    [{ a: { b: 1 } }, "is nested deeper than a query can carry"],
    [{ "a&role=admin": 1 }, "has a member whose name a query cannot carry"],
    ["\udc00", "contains half of a surrogate pair, which a URL cannot carry"],
  ])("%j", (q, text) => expect(bind(TOOL, { q }).problems).toEqual([{ path: "q", text }]));
});

test.each([[""], ["a"], [0], [false], [["a", "b"]], [{ "a.b": 1 }]])("%j can be sent", (q) => {
  expect(bind(TOOL, { q })).toMatchObject({ query: { q }, body: undefined, problems: [] });
});
