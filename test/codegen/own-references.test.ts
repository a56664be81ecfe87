/** References into other operations and paths: what they lead to is served wherever its owner goes. */
import { describe, expect, test } from "vitest";
import { lookUp, type Document } from "../../codegen/read/document.ts";
import { withOwnReferences } from "../../codegen/read/well-formed/own-references.ts";

const documentOf = (parts: object) => ({ openapi: "3.0.0", info: {}, ...parts }) as unknown as Document;
const responses = { 200: { description: "" } };
const bodyOf = (schema: unknown) => ({ requestBody: { content: { "application/json": { schema } } }, responses });
const A = { type: "object", properties: { a: { type: "string" } } };
const INTO_A = "#/paths/~1a/post/requestBody/content/application~1json/schema";

test("a document whose references all lead to components is left as it is", () => {
  const document = documentOf({
    paths: { "/a": { post: bodyOf({ $ref: "#/components/schemas/A" }) } },
    components: { schemas: { A } },
  });
  expect(withOwnReferences(document)).toBe(document);
});

/** What the body of `POST /b` is, its references followed. */
function bodyOfB(document: Document): unknown {
  const schema = (document.paths["/b"]?.post as ReturnType<typeof bodyOf>).requestBody.content["application/json"]
    .schema as { $ref: string };
  return lookUp(document, schema.$ref);
}

describe("what a reference leads to becomes a component", () => {
  test.each<[string, object, string, unknown]>([
    ["in another operation", { "/a": { post: bodyOf(A) } }, INTO_A, A],
    ["part of it", { "/a": { post: bodyOf(A) } }, `${INTO_A}/properties/a`, A.properties.a],
    ["among definitions of its own", { "/a": { post: bodyOf({ $defs: { A } }) } }, `${INTO_A}/$defs/A`, A],
    ["percent-encoded", { "/a/{id}": { post: bodyOf(A) } }, INTO_A.replace("~1a", "~1a~1%7Bid%7D"), A],
  ])("%s", (_what, paths, $ref, want) => {
    const document = withOwnReferences(documentOf({ paths: { ...paths, "/b": { post: bodyOf({ $ref }) } } }));
    const { "/b": b } = document.paths;
    expect(JSON.stringify(b)).toMatch(/"\$ref":"#\/components\/schemas\/\w+"/);
    expect(bodyOfB(document)).toEqual(want);
  });

  test("one that stands within what it leads to leads to itself then, without end", () => {
    const tree = { type: "object", properties: { kid: { $ref: INTO_A } } };
    const document = withOwnReferences(
      documentOf({ paths: { "/a": { post: bodyOf(tree) }, "/b": { post: bodyOf({ $ref: INTO_A }) } } }),
    );
    const [name] = Object.keys(document.components?.["schemas"] ?? {});
    const $ref = `#/components/schemas/${name}`;
    expect(document.components?.["schemas"]).toEqual({
      [name as string]: { type: "object", properties: { kid: { $ref } } },
    });
  });

  test("a name that is taken stays its owner's", () => {
    const document = documentOf({
      paths: { "/a": { post: bodyOf(A) }, "/b": { post: bodyOf({ $ref: INTO_A }) } },
      components: { schemas: { ContentApplication1jsonSchema: { type: "string" } } },
    });
    const moved = withOwnReferences(document);
    expect(moved.components?.["schemas"]?.["ContentApplication1jsonSchema"]).toEqual({ type: "string" });
    expect(bodyOfB(moved)).toEqual(A);
  });

  test.each([
    ["a parameter", "parameters", { parameters: [{ $ref: "#/paths/~1a/get/parameters/0" }], responses }],
    ["an answer", "responses", { responses: { 200: { $ref: "#/paths/~1a/get/responses/200" } } }],
    ["a body", "requestBodies", { requestBody: { $ref: "#/paths/~1a/post/requestBody" }, responses }],
  ])("%s is one of its kind", (_what, section, get) => {
    const a = {
      get: { parameters: [{ name: "q", in: "query", schema: { type: "string" } }], responses },
      post: bodyOf(A),
    };
    const document = withOwnReferences(documentOf({ paths: { "/a": a, "/b": { get } } }));
    expect(Object.keys(document.components ?? {})).toEqual([section]);
  });
});

describe("a path that refers to another", () => {
  const get = { parameters: [{ name: "a", in: "query", schema: { type: "string" } }], responses };

  test.each<[string, object]>([
    ["has its operations", { paths: { "/a": { get }, "/b": { $ref: "#/paths/~1a" } } }],
    [
      "has those of a component",
      { paths: { "/b": { $ref: "#/components/pathItems/B" } }, components: { pathItems: { B: { get } } } },
    ],
    [
      "has those at the end of a chain",
      {
        paths: { "/a": { get }, "/b": { $ref: "#/components/pathItems/B" } },
        components: { pathItems: { B: { $ref: "#/paths/~1a" } } },
      },
    ],
  ])("%s", (_what, parts) => {
    expect(withOwnReferences(documentOf(parts)).paths["/b"]).toEqual({ get });
  });

  test("keeps what it says itself", () => {
    const own = { get: { responses: {} } };
    const document = documentOf({ paths: { "/a": { get, post: bodyOf(A) }, "/b": { $ref: "#/paths/~1a", ...own } } });
    expect(withOwnReferences(document).paths["/b"]).toEqual({ get: own.get, post: bodyOf(A) });
  });
});
