/** References that lead to another kind of thing than what stands there: left out with their place, the rest served. */
import { describe, expect, test } from "vitest";
import { tidyDocument } from "../../codegen/read/well-formed/tidy.ts";
import { readDocument } from "../../codegen/read/load.ts";

const ELSEWHERE = `
openapi: 3.0.0
info: { title: words }
components:
  schemas: { Key: { type: string } }
  parameters: { page: { name: page, in: query, schema: { type: integer } } }
  headers: { Trace: { schema: { type: string } } }
  responses: { Gone: { description: "" } }
paths:
  /named: { get: { parameters: [{ name: id, in: query, schema: { type: string } }], responses: {} } }
  /keys:
    get:
      parameters: [{ $ref: PARAMETER }]
      responses:
        "200": { content: { application/json: { schema: { $ref: SCHEMA } } }, headers: { Trace: { $ref: HEADER } } }
        "410": { $ref: RESPONSE }
`;
const RIGHT = {
  PARAMETER: "#/components/parameters/page",
  SCHEMA: "#/components/schemas/Key",
  HEADER: "#/components/headers/Trace",
  RESPONSE: "#/components/responses/Gone",
};

/** What is left out of the document with these references instead of the right ones. */
function leftOutWith(changed: Partial<typeof RIGHT>, template = ELSEWHERE): string[] {
  const names = Object.entries({ ...RIGHT, ...changed });
  const text = names.reduce((whole, [name, ref]) => whole.replace(`$ref: ${name}`, `$ref: "${ref}"`), template);
  return tidyDocument(readDocument(text, "m.yaml")).leftOut.map(({ at, what }) => `${at}: ${what}`);
}

describe("a reference", () => {
  test.each([
    ["to what it may be", {}],
    ["to a parameter of another operation", { PARAMETER: "#/paths/~1named/get/parameters/0" }],
    ["to a schema of another operation", { SCHEMA: "#/paths/~1named/get/parameters/0/schema" }],
  ])("%s stays", (_what, changed) => {
    expect(leftOutWith(changed)).toEqual([]);
  });

  test.each([
    ["to a text instead of a schema", { SCHEMA: "#/info/title" }, "m.yaml:15: #/info/title is no schema"],
    ["to a parameter instead of a schema", { SCHEMA: RIGHT.PARAMETER }, `m.yaml:15: ${RIGHT.PARAMETER} is no schema`],
    ["to a schema instead of a parameter", { PARAMETER: RIGHT.SCHEMA }, `m.yaml:13: ${RIGHT.SCHEMA} is no parameter`],
    [
      "to an operation instead of a parameter",
      { PARAMETER: "#/paths/~1named/get" },
      "m.yaml:13: #/paths/~1named/get is no parameter",
    ],
    ["to a schema instead of a header", { HEADER: RIGHT.SCHEMA }, `m.yaml:15: ${RIGHT.SCHEMA} is no header`],
    ["to a header instead of an answer", { RESPONSE: RIGHT.HEADER }, `m.yaml:16: ${RIGHT.HEADER} is no body`],
  ])("%s is left out, and told", (_what, changed, told) => {
    expect(leftOutWith(changed)).toEqual([told]);
  });

  test("beside a header whose schema is a list costs that header alone", () => {
    const template = ELSEWHERE.replace("headers: { Trace: { $ref: HEADER } }", "headers: { Trace: { schema: [] } }");
    expect(leftOutWith({}, template)).toEqual(["m.yaml:15: Trace.schema is no object"]);
  });
});
