import { describe, expect, test } from "vitest";
import { parseSource, SourceError } from "../../codegen/read/load.ts";

const head = "openapi: 3.0.0\ninfo: {title: t, version: '1'}\n";

describe("a document that cannot be trusted is refused with file, line and reason", () => {
  test.each([
    ["a key twice", `${head}paths:\n  /a: {}\n  /a: {}\n`, /^f\.yaml:5: Map keys must be unique/],
    ["broken indentation", `${head}paths:\n  /a:\n get: {}\n`, /^f\.yaml:\d+: /],
    [
      "a dangling reference",
      `${head}paths:\n  /a:\n    get:\n      responses:\n        '200':\n          $ref: '#/components/responses/Nope'\n`,
      /^f\.yaml:8: \$ref #\/components\/responses\/Nope points nowhere$/,
    ],
    ["no paths", "hello: world\n", /^f\.yaml:1: not an OpenAPI document/],
    ["plain text", "just words", /^f\.yaml:1: not an OpenAPI document/],
    ["Swagger 2", "swagger: '2.0'\npaths: {}\n", /^f\.yaml:1: OpenAPI undefined is not supported/],
  ])("%s", (_, text, message) => {
    expect(() => parseSource(text, "f.yaml")).toThrowError(SourceError);
    expect(() => parseSource(text, "f.yaml")).toThrowError(message);
  });

  test("every fault is named, not only the first", () => {
    const text = `${head}paths:\n  /a:\n    $ref: '#/x'\n  /b:\n    $ref: '#/y'\n`;
    expect(() => parseSource(text, "f.yaml")).toThrowError(/f\.yaml:5: .*#\/x[\s\S]*f\.yaml:7: .*#\/y/);
  });
});

test("anchors and merge keys are read", () => {
  const document = parseSource(
    `${head}x: &s [{url: 'https://a'}]\npaths:\n  /a: {servers: *s}\n  /b: {servers: *s}\n`,
    "f.yaml",
  );
  expect(document.paths["/b"]?.servers).toEqual([{ url: "https://a" }]);
});
