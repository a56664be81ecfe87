import { describe, expect, test } from "vitest";
import { readDocument, SourceError } from "../../codegen/read/load.ts";

const head = "openapi: 3.0.0\ninfo: {title: t, version: '1'}\n";

describe("a document that cannot be trusted is refused with file, line and reason", () => {
  test.each([
    ["a key twice", `${head}paths:\n  /a: {}\n  /a: {}\n`, /^f\.yaml:5: Map keys must be unique/],
    ["broken indentation", `${head}paths:\n  /a:\n get: {}\n`, /^f\.yaml:\d+: /],
    [
      "a dangling reference",
      `${head}paths:\n  /a:\n    get:\n      responses:\n        '200':\n          $ref: ` +
        "'#/components/responses/Nope'\n",
      /^f\.yaml:8: \$ref #\/components\/responses\/Nope points nowhere$/,
    ],
    [
      "a reference of two lines",
      `${head}paths:\n  /a: {$ref: "no\\nwhere"}\n`,
      /^f\.yaml:4: \$ref no where points nowhere$/,
    ],
    ["no paths", "hello: world\n", /^f\.yaml:1: not an OpenAPI document/],
    ["plain text", "just words", /^f\.yaml:1: not an OpenAPI document/],
    ["Swagger 2", "swagger: '2.0'\npaths: {}\n", /^f\.yaml:1: OpenAPI undefined is not supported/],
  ])("%s", (_, text, message) => {
    expect(() => readDocument(text, "f.yaml")).toThrowError(SourceError);
    expect(() => readDocument(text, "f.yaml")).toThrowError(message);
  });

  test("every fault is named, not only the first", () => {
    const text = `${head}paths:\n  /a:\n    $ref: '#/x'\n  /b:\n    $ref: '#/y'\n`;
    expect(() => readDocument(text, "f.yaml")).toThrowError(/f\.yaml:5: .*#\/x[\s\S]*f\.yaml:7: .*#\/y/);
  });
});

test.each([
  ["an alias in itself", `${head}paths: &p\n  /a: *p\n`, /^f\.yaml:\d+: (an alias contains itself|cannot be read)/],
  [
    "references in a circle",
    `${head}paths: {}\ncomponents:\n  schemas:\n    A: {$ref: '#/components/schemas/B'}\n    B: {$ref: ` +
      "'#/components/schemas/A'}\n",
    /^f\.yaml:6: \$ref #\/components\/schemas\/B leads back to itself/,
  ],
  [
    "aliases that unfold to millions",
    `${head}paths: {}\na: &a [x,x,x,x,x,x,x,x,x,x]\n${"abcdefg"
      .split("")
      .map((name, at) => (at === 0 ? "" : `${name}: &${name} [${`*${"abcdefg"[at - 1]},`.repeat(10)}]\n`))
      .join("")}`,
    /^f\.yaml:1: its aliases unfold to more than/,
  ],
  ["more than any document of Portkey's", `${head}paths: {}\n# ${"x".repeat(21_000_000)}`, /^f\.yaml:1: larger than/],
])("%s is refused", (_, text, message) => {
  expect(() => readDocument(text, "f.yaml")).toThrowError(SourceError);
  expect(() => readDocument(text, "f.yaml")).toThrowError(message);
});

test("anchors and merge keys are read", () => {
  const { document } = readDocument(
    `${head}x: &s [{url: 'https://a'}]\npaths:\n  /a: {servers: *s}\n  /b: {servers: *s}\n`,
    "f.yaml",
  );
  expect(document.paths["/b"]?.servers).toEqual([{ url: "https://a" }]);
});
