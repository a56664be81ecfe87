/** Drafts: what they add to a document, and what gives way to it. */
import { describe, expect, test } from "vitest";
import type { Document, Operation, PathItem, Schema } from "../../codegen/read/document.ts";
import { addDrafts } from "../../codegen/read/drafts.ts";

const documentOf = (paths: Record<string, PathItem>, schemas: Record<string, Schema> = {}): Document => ({
  openapi: "3.0.0",
  info: {},
  paths,
  components: { schemas },
});
const bodyOf = (schema: Schema) => ({ content: { "application/json": { schema } } });
const posting = (schema: Schema): Operation => ({ requestBody: bodyOf(schema), responses: {} });
const objectOf = (properties: Record<string, Schema>): Schema => ({ type: "object", properties });
const schemaIn = (document: Document, path: string) =>
  document.paths[path]?.post?.requestBody?.content?.["application/json"]?.schema;

const text: Schema = { type: "string" };
const drafted: Schema = { type: "string", "x-source": "documented" };

test("an operation that the document lacks is added, marked as known from documentation", () => {
  const { document, needless } = addDrafts(
    documentOf({ "/a": { get: { responses: {} } } }),
    documentOf({ "/a": { post: posting(objectOf({ name: text })) }, "/b": { get: { responses: {} } } }),
  );
  expect(document.paths["/a"]?.get).toEqual({ responses: {} });
  expect(document.paths["/a"]?.post).toMatchObject({ "x-source": "documented" });
  expect(document.paths["/b"]?.get).toMatchObject({ "x-source": "documented" });
  expect(needless).toEqual([]);
});

describe("of an operation that both have, the document's word wins, and what only the draft knows stays", () => {
  test.each<[string, Schema, Schema, Schema]>([
    [
      "a field",
      objectOf({ a: text }),
      objectOf({ a: { type: "integer" }, b: text }),
      objectOf({ a: text, b: drafted }),
    ],
    [
      "a field deep in an object",
      objectOf({ a: objectOf({ x: text }) }),
      objectOf({ a: objectOf({ y: text }) }),
      objectOf({ a: objectOf({ x: text, y: drafted }) }),
    ],
    [
      "a field of a list's items",
      objectOf({ list: { type: "array", items: objectOf({ x: text }) } }),
      objectOf({ list: { type: "array", items: objectOf({ y: text }) } }),
      objectOf({ list: { type: "array", items: objectOf({ x: text, y: drafted }) } }),
    ],
    [
      "no field of what is no object in the document",
      objectOf({ a: text }),
      objectOf({ a: objectOf({ y: text }) }),
      objectOf({ a: text }),
    ],
    [
      "no field that a part of the document's schema has",
      { ...objectOf({}), allOf: [objectOf({ a: text })] },
      objectOf({ a: { type: "integer" } }),
      { ...objectOf({}), allOf: [objectOf({ a: text })] },
    ],
  ])("%s", (_, own, draft, want) => {
    const { document } = addDrafts(
      documentOf({ "/a": { post: posting(own) } }),
      documentOf({ "/a": { post: posting(draft) } }),
    );
    expect(schemaIn(document, "/a")).toEqual(want);
  });

  test("a component stays one, since others refer to it", () => {
    const reference = { $ref: "#/components/schemas/Thing" };
    const { document } = addDrafts(
      documentOf({ "/a": { post: posting(reference) } }, { Thing: objectOf({ a: text }) }),
      documentOf({ "/a": { post: posting(objectOf({ a: text, b: text })) } }),
    );
    expect(schemaIn(document, "/a")).toEqual({ allOf: [reference, objectOf({ b: drafted })] });
    expect(document.components?.["schemas"]?.["Thing"]).toEqual(objectOf({ a: text }));
  });

  test("a body, where the document has none, and a query parameter, never a required one", () => {
    const draft = {
      ...posting(objectOf({ a: text })),
      parameters: [{ name: "q", in: "query", required: true, schema: text }],
    };
    const own = { responses: {}, parameters: [{ name: "p", in: "query", schema: text }] };
    const { document } = addDrafts(documentOf({ "/a": { post: own } }), documentOf({ "/a": { post: draft } }));
    expect(schemaIn(document, "/a")).toEqual(objectOf({ a: text }));
    expect(document.paths["/a"]?.post?.parameters).toEqual([
      { name: "p", in: "query", schema: text },
      { name: "q", in: "query", required: false, schema: text },
    ]);
  });
});

test.each([
  ["its path, whatever the parameters are called", "/things/{thingId}", "/things/{id}"],
  ["its path, whatever the case", "/things/{id}/makeDefault", "/things/{id}/makedefault"],
])("a draft finds %s", (_, own, draft) => {
  const { document } = addDrafts(
    documentOf({ [own]: { post: posting(objectOf({ a: text })) } }),
    documentOf({ [draft]: { post: posting(objectOf({ b: text })) } }),
  );
  expect(Object.keys(document.paths)).toEqual([own]);
  expect(schemaIn(document, own)).toEqual(objectOf({ a: text, b: drafted }));
});

test("a draft that the document has made needless is told", () => {
  const paths = { "/a": { post: posting(objectOf({ a: text })) } };
  expect(addDrafts(documentOf(paths), documentOf(paths)).needless).toEqual([
    { at: "POST /a", what: "the document has this drafted operation, whole" },
  ]);
});
