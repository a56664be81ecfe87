/** What is done to an answer takes time in proportion to its size, whatever is in it: a megabyte, a moment. */
import { describe, expect, test } from "vitest";
import { readUpstreamError } from "../../src/portkey/response/upstream-error.ts";
import { toResult } from "../../src/portkey/response/result.ts";
import { processorTime } from "../errors/processor-time.ts";
import { LIST, record } from "./records.ts";

const MB = 1024 * 1024;
const LIMIT_MS = 250;
const nested = (levels: number, leaf: unknown) => {
  let value = leaf;
  for (let level = 0; level < levels; level++) value = { inner: value, note: "n".repeat(100) };
  return value;
};
const under = (name: string, levels: number, leaf: unknown): unknown =>
  levels === 0 ? leaf : { [name]: under(name, levels - 1, leaf) };
const filled = (make: (index: number) => unknown, each: number) =>
  Array.from({ length: MB / each }, (_, index) => make(index));

describe("a web page instead of an answer", () => {
  test.each([
    ["titles that do not end", `<html>${"<title".repeat(MB / 6)}`],
    ["a title that does not end", `<html><title>${"x".repeat(MB)}`],
    ["an attribute without end", `<html><title ${"a=b ".repeat(MB / 4)}`],
    ["brackets", `<html>${"<".repeat(MB)}`],
  ])("%s", async (_, page) => {
    expect(await processorTime(() => readUpstreamError(page))).toBeLessThan(LIMIT_MS);
    expect(readUpstreamError(page).html).toBe(true);
  });

  test("its title is still told", () => {
    expect(readUpstreamError('<html><head><TITLE lang="en">\n Sign in </title>')).toEqual({
      html: true,
      message: "Sign in",
    });
    expect(readUpstreamError("<html><title></title>")).toEqual({ html: true });
  });
});

describe("an answer that is cut", () => {
  const bodies: readonly (readonly [what: string, body: unknown])[] = [
    ["nested to the bound", nested(98, "x".repeat(MB - 20_000))],
    [
      "nested to the bound, wide on each level",
      nested(90, Object.fromEntries(filled((i) => [`m${i}`, i], 16) as [string, number][])),
    ],
    ["of many small members", Object.fromEntries(filled((i) => [`member${i}`, i], 16) as [string, number][])],
    [
      "of many folded members",
      Object.fromEntries(filled((i) => [`member${i}`, { text: "x".repeat(130) }], 160) as [string, object][]),
    ],
    ["of many numbers", { data: filled(() => 1, 2) }],
    ["of many empty lists", { data: filled(() => [], 3) }],
    [
      "a list beside many members",
      { data: [1, 2], ...Object.fromEntries(filled((i) => [`m${i}`, "x"], 16) as [string, string][]) },
    ],
    [
      "of many members under a long name",
      {
        ["n".repeat(MB / 4)]: Object.fromEntries(filled((i) => [`m${i}`, "x".repeat(130)], 200) as [string, string][]),
      },
    ],
    ["of many long names", Object.fromEntries(filled((i) => [`${"n".repeat(300)}${i}`, 1], 310) as [string, number][])],
    ["of long names at every level", under("k".repeat(5_000), 90, { text: "x".repeat(MB / 2) })],
    ["one long text", { text: "ß".repeat(MB / 2) }],
    ["one long item", { data: [{ text: "x".repeat(MB) }] }],
    ["text", "x".repeat(MB)],
    ["an array of arrays", filled((i) => [i, [i]], 16)],
  ];
  describe.each([
    ["of an object", record(), {}],
    ["of a list", LIST, { page_size: 10 }],
    ["with fields", record(), { fields: "data,inner,text,member1" }],
  ] as const)("%s", (_of, tool, args) => {
    test.each(bodies)("%s", async (_what, body) => {
      const json = JSON.stringify(body);
      const call = () => toResult(tool, { status: 200, body, json, warnings: [] }, args, { maxResultBytes: 40_000 });
      expect(await processorTime(call)).toBeLessThan(LIMIT_MS);
      expect(Buffer.byteLength(call().text)).toBeLessThan(45_000);
    });
  });
});
