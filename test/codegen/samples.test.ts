/** A document tested by its own samples: what gives way, by rule, and what must not. */
import { describe, expect, test } from "vitest";
import type { Document, Schema } from "../../codegen/read/document.ts";
import { requestOfCurl } from "../../codegen/read/samples/curl.ts";
import { loosenBySamples } from "../../codegen/read/samples/loosen-document.ts";

function documentWith(schema: Schema, media: object, more: object = {}): Document {
  const content = { "application/json": { schema, ...media } };
  const post = { requestBody: { content }, responses: {}, ...more };
  return { openapi: "3.0.0", info: {}, paths: { "/things": { post } } } as unknown as Document;
}

function loosened(schema: Schema, example: unknown) {
  const copy = structuredClone(schema);
  const notes = loosenBySamples(documentWith(copy, { example }));
  return { schema: copy, told: notes.map(({ what }) => what) };
}

describe("a schema gives way to a sample that contradicts it", () => {
  test.each<[string, Schema, unknown, Schema, string[]]>([
    [
      "a required field that it leaves out",
      { type: "object", required: ["a", "b"], properties: { a: { type: "string" }, b: { type: "string" } } },
      { a: "x" },
      { type: "object", required: ["a"], properties: { a: { type: "string" }, b: { type: "string" } } },
      ["b is not required"],
    ],
    [
      "another JSON type",
      { type: "object", properties: { a: { type: "object" } } },
      { a: "x" },
      { type: "object", properties: { a: { anyOf: [{ type: "object" }, { type: "string" }] } } },
      ["a can be a string too"],
    ],
    [
      "a number where whole ones were",
      { type: "object", properties: { a: { type: "integer" } } },
      { a: 1.5 },
      { type: "object", properties: { a: { type: "number" } } },
      ["a can be a number too"],
    ],
    [
      "null",
      { type: "object", properties: { a: { type: "string" } } },
      { a: null },
      { type: "object", properties: { a: { type: "string", nullable: true } } },
      ["a can be null"],
    ],
    [
      "a value that an enum lacks",
      { type: "object", properties: { a: { type: "string", enum: ["x"] } } },
      { a: "y" },
      { type: "object", properties: { a: { type: "string", enum: ["x", "y"] } } },
      ['a takes "y" too'],
    ],
    [
      "a format and a limit that it breaks",
      { type: "object", properties: { a: { type: "string", format: "uuid", maxLength: 3 } } },
      { a: "ws-slug" },
      { type: "object", properties: { a: { type: "string" } } },
      ["a breaks its maxLength", "a breaks its format"],
    ],
    [
      "a union whose arms overlap",
      { type: "object", properties: { a: { oneOf: [{ type: "object" }, { type: "object" }] } } },
      { a: {} },
      { type: "object", properties: { a: { anyOf: [{ type: "object" }, { type: "object" }] } } },
      ["a fits several forms at once"],
    ],
    [
      "a union without its type",
      { type: "object", properties: { a: { anyOf: [{ type: "object" }] } } },
      { a: [1] },
      { type: "object", properties: { a: { anyOf: [{ type: "object" }, { type: "array", items: {} }] } } },
      ["a can be an array too"],
    ],
    [
      "a field that the schema lacks",
      { type: "object", properties: { a: { type: "string" } } },
      { a: "x", on: true },
      { type: "object", properties: { a: { type: "string" }, on: { type: "boolean" } } },
      ["on is taken too"],
    ],
    [
      "an item of a list",
      { type: "array", items: { type: "string" } },
      ["x", 1],
      { type: "array", items: { anyOf: [{ type: "string" }, { type: "integer" }] } },
      ["[] can be an integer too"],
    ],
  ])("%s", (_, schema, example, want, told) => {
    expect(loosened(schema, example)).toEqual({ schema: want, told });
  });

  test("one that fits is left as it is", () => {
    const schema: Schema = { type: "object", required: ["a"], properties: { a: { type: "string", enum: ["x"] } } };
    expect(loosened(schema, { a: "x" })).toEqual({ schema, told: [] });
  });
});

describe("what people wrote by hand", () => {
  const schema: Schema = {
    type: "object",
    required: ["integration_id"],
    properties: { integration_id: { type: "string" }, name: { type: "string" } },
  };
  const shown = (source: string) => {
    const copy = structuredClone(schema);
    const notes = loosenBySamples(documentWith(copy, {}, { "x-code-samples": [{ lang: "curl", source }] }));
    return { copy, told: notes.map(({ what }) => what) };
  };

  test("another spelling of a field is a slip: nothing follows from it", () => {
    const source = `curl -X POST https://api.portkey.ai/v1/things -d '{"integrationId": "x"}'`;
    expect(shown(source)).toEqual({ copy: schema, told: [] });
  });

  test("a field of its own is one that the API takes", () => {
    const { told } = shown(`curl https://api.portkey.ai/v1/things --data '{"integration_id": "x", "note": "n"}'`);
    expect(told).toEqual(["note is taken too"]);
  });
});

test("a query parameter that a shown request leaves out is not required", () => {
  const parameters = ["page", "q"].map((name) => ({ name, in: "query", required: true, schema: { type: "string" } }));
  const source = "curl 'https://api.portkey.ai/v1/things?q=a'";
  const get = { parameters, responses: {}, "x-code-samples": [{ source }] };
  const document = { openapi: "3.0.0", info: {}, paths: { "/things": { get } } } as unknown as Document;
  expect(loosenBySamples(document)).toEqual([{ at: "GET /things", what: "page is not required" }]);
  expect(parameters.map(({ required }) => required)).toEqual([false, true]);
});

test.each([
  [`curl -X POST "https://h/v1/a?b=1" \\\n -H "x: y" -d "{\\"k\\": 1}"`, ["b"], { k: 1 }],
  [`curl https://h/v1/a --data-raw '{"k": "it is"}'`, [], { k: "it is" }],
  [`curl https://h/v1/a -d '{"k": <value>}'`, [], undefined],
])("curl is read: %s", (source, names, body) => {
  const request = requestOfCurl(source);
  expect([...(request?.query ?? [])]).toEqual(names);
  expect(request?.body).toEqual(body);
});

test("other languages are not", () => {
  expect(requestOfCurl("from portkey_ai import Portkey")).toBeUndefined();
});
