/** Schemas that are parts of themselves, and names that every object has without a document's having written them. */
import { expect, test } from "vitest";
import { openCircles } from "../../codegen/read/circles.ts";
import { lookUp, type Document, type Schema } from "../../codegen/read/document.ts";
import { hoistInlineSchemas } from "../../codegen/read/hoist.ts";

const documentOf = (schemas: Record<string, Schema>) =>
  ({ openapi: "3.0.0", info: {}, paths: {}, components: { schemas } }) as unknown as Document;
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

test.each<[string, Record<string, Schema>, Record<string, Schema>]>([
  ["an arm", { A: { oneOf: [ref("A"), { type: "string" }] } }, { A: { oneOf: [{ type: "string" }] } }],
  ["its only part", { A: { type: "object", allOf: [ref("A")] } }, { A: { type: "object" } }],
  [
    "through another",
    { A: { anyOf: [ref("B")] }, B: { allOf: [ref("A"), { type: "object" }] } },
    {
      A: { anyOf: [ref("B")] },
      B: { allOf: [{ type: "object" }] },
    },
  ],
  ["within an arm", { A: { oneOf: [{ allOf: [ref("A")] }, {}] } }, { A: { oneOf: [{}, {}] } }],
])("a schema that is a part of itself loses that part: %s", (_, schemas, want) => {
  const document = documentOf(schemas);
  expect(openCircles(document)).toMatchObject([{ what: expect.stringMatching(/leads back to itself/) as string }]);
  expect(document.components?.["schemas"]).toEqual(want);
});

test.each<[string, Schema]>([
  ["a member", { type: "object", properties: { next: ref("A") } }],
  ["an item", { oneOf: [{ type: "array", items: ref("A") }, { type: "string" }] }],
])("a schema that holds itself in %s stays as it is", (_, schema) => {
  const document = documentOf({ A: structuredClone(schema) });
  expect(openCircles(document)).toEqual([]);
  expect(document.components?.["schemas"]).toEqual({ A: schema });
});

test.each(["__proto__", "constructor", "toString"])("a reference to %s points nowhere", (name) => {
  expect(lookUp(documentOf({}), `#/components/schemas/${name}`)).toBeUndefined();
});

test("a document without schemas gets them", () => {
  const schema = { type: "object", properties: {} };
  const get = { responses: { 200: { content: { "application/json": { schema } } } } };
  const document = { openapi: "3.0.0", info: {}, paths: { "/a": { get } }, components: {} } as unknown as Document;
  expect(hoistInlineSchemas(document).components).toEqual({ schemas: { ListAAnswer: schema } });
});
