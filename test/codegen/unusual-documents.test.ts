/** What nobody writes by hand and some tool does: each document ends well, and what is served of it is right. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { emitAll } from "../../codegen/emit/emit.ts";
import { readInputs, type Inputs } from "../../codegen/inputs.ts";
import { answerSchemaOf } from "../../codegen/read/document.ts";
import { SourceError } from "../../codegen/read/load.ts";
import type { ToolRecord } from "../../src/catalog/record.ts";
import { importText } from "./mutations/pipeline.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
let inputs: Inputs;
beforeAll(async () => {
  const read = await readInputs(join(root, "openapi"));
  // Nothing but the document speaks: no drafts, no words, no tools of our own.
  const curation = { ...read.curation, isWhole: false, operations: new Map(), composites: new Map() };
  inputs = { ...read, curation, drafts: { ...read.drafts, paths: {}, components: {} } };
});

const responses = { 200: { description: "" } };
const key = { type: "apiKey", in: "header", name: "x-portkey-api-key" };
const HEAD = {
  openapi: "3.1.0",
  info: { title: "Portkey", version: "1" },
  servers: [{ url: "https://api.portkey.ai/v1" }],
};
const documentOf = (paths: object, components: object = {}) => ({
  ...HEAD,
  paths,
  components: { securitySchemes: { key }, ...components },
});
const textOf = (paths: object, components: object = {}) => stringify(documentOf(paths, components));
const bodyOf = (schema: unknown, type = "application/json") => ({
  requestBody: { required: true, content: { [type]: { schema } } },
  responses,
});
const posted = (schema: unknown, schemas: object = {}) => textOf({ "/widgets": { post: bodyOf(schema) } }, { schemas });

/** Each tool with what it takes, our own arguments and all texts aside. */
async function toolsOf(text: string): Promise<Record<string, unknown>> {
  const { generated } = await importText(text, inputs);
  const told = generated.tools.map(({ record, full }) => {
    const own = record.arguments.map(({ name }) => [name, withoutTexts(full.properties?.[name])]);
    return [record.name, Object.fromEntries(own)] as const;
  });
  return Object.fromEntries(told);
}

function withoutTexts(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutTexts);
  if (node === null || typeof node !== "object") return node;
  const kept = Object.entries(node).filter(([name, value]) => name !== "description" || typeof value !== "string");
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutTexts(value)]));
}

const TEXT = { type: "string" };
const fields = (properties: object, more: object = {}) => ({ type: "object", properties, ...more });

describe("a body's field", () => {
  const schemas = {
    A: fields({ t: TEXT, a: TEXT }, { required: ["t"] }),
    B: fields({ t: TEXT, b: TEXT }),
    Up: { allOf: [{ $ref: "#/components/schemas/Down" }], properties: { up: TEXT } },
    Down: { allOf: [{ $ref: "#/components/schemas/Up" }], properties: { down: TEXT } },
  };
  const both = [{ $ref: "#/components/schemas/A" }, { $ref: "#/components/schemas/B" }];

  test.each<[string, unknown, unknown]>([
    ["of a type or null", { type: ["string", "null"] }, { type: ["string", "null"] }],
    ["that is an arm or null", { anyOf: [TEXT, { type: "null" }] }, { type: ["string", "null"] }],
    [
      "of two types or null",
      { type: ["string", "integer", "null"] },
      { anyOf: [TEXT, { type: "integer" }, { type: "null" }] },
    ],
    ["that is a constant", { const: 1 }, { enum: [1] }],
    ["whose values are no texts", { type: "integer", enum: [1, 2] }, { type: "integer", enum: [1, 2] }],
    ["above a bound", { type: "number", exclusiveMinimum: 0 }, { type: "number", exclusiveMinimum: 0 }],
    [
      "above a bound, as 3.0 says it",
      { type: "number", minimum: 0, exclusiveMinimum: true },
      { type: "number", exclusiveMinimum: 0 },
    ],
    ["with items by their place", { type: "array", prefixItems: [TEXT] }, { type: "array", items: {} }],
    [
      "with members by the form of their name",
      { type: "object", patternProperties: { "^x-": TEXT }, additionalProperties: false },
      { type: "object", additionalProperties: true },
    ],
    ["of any kind", true, {}],
    [
      "that refers with more beside it",
      { $ref: "#/components/schemas/A", maxProperties: 3, required: ["a"] },
      fields({ t: TEXT, a: TEXT }, { required: ["t", "a"], maxProperties: 3 }),
    ],
    [
      "that refers with words beside it",
      { $ref: "#/components/schemas/A", description: "words", default: {}, $comment: "words" },
      fields({ t: TEXT, a: TEXT }, { required: ["t"] }),
    ],
    [
      "that refers with a part beside it",
      { $ref: "#/components/schemas/A", allOf: [fields({ more: TEXT })] },
      fields({ t: TEXT, a: TEXT, more: TEXT }, { required: ["t"] }),
    ],
    [
      "that refers with null beside it, as 3.0 writes it",
      { $ref: "#/components/schemas/A", nullable: true },
      { ...fields({ t: TEXT, a: TEXT }, { required: ["t"] }), type: ["object", "null"] },
    ],
    [
      "that holds under a condition",
      { ...fields({ kind: TEXT }), if: fields({ kind: { const: "a" } }), then: { required: ["kind"] } },
      { ...fields({ kind: TEXT }), anyOf: [fields({ kind: { enum: ["a"] } }, { required: ["kind"] }), {}] },
    ],
    [
      "that holds where another is given",
      { ...fields({ card: TEXT }), dependentSchemas: { card: fields({ street: TEXT }, { required: ["street"] }) } },
      {
        ...fields({ card: TEXT }),
        anyOf: [fields({ street: TEXT }, { required: ["card", "street"] }), {}],
      },
    ],
    ["that is not another", { not: { $ref: "#/components/schemas/B" } }, { not: fields({ t: TEXT, b: TEXT }) }],
    [
      "with keywords that are not read",
      { type: "array", items: TEXT, contains: { $ref: "#/components/schemas/B" }, unevaluatedItems: false },
      { type: "array", items: TEXT },
    ],
    [
      "whose parts lead back to each other",
      { $ref: "#/components/schemas/Up" },
      { properties: { down: TEXT, up: TEXT } },
    ],
    [
      "that is told apart by what is not there",
      {
        oneOf: both,
        discriminator: { propertyName: "t", mapping: { a: "A", b: "#/components/schemas/Nowhere", c: "Gone" } },
      },
      { oneOf: [fields({ t: TEXT, a: TEXT }, { required: ["t"] }), fields({ t: TEXT, b: TEXT })] },
    ],
    [
      "with fields that only answers have",
      fields({ id: { ...TEXT, readOnly: true }, a: TEXT }, { required: ["id", "a"] }),
      fields({ a: TEXT }, { required: ["a"] }),
    ],
  ])("%s", async (_what, field, want) => {
    const { create_widget: taken } = await toolsOf(posted(fields({ field }), schemas));
    expect((taken as { field: unknown }).field).toEqual(want);
  });

  test("that refers, in 3.0, takes null where its author says so, and nothing else beside the reference", async () => {
    const document = documentOf(
      {
        "/widgets": {
          post: bodyOf(fields({ a: { $ref: "#/components/schemas/B", nullable: true, maxProperties: 3 } })),
        },
      },
      { schemas },
    );
    const { create_widget: taken } = await toolsOf(stringify({ ...document, openapi: "3.0.3" }));
    expect(taken).toEqual({ a: { ...fields({ t: TEXT, b: TEXT }), type: ["object", "null"] } });
  });

  test("of a body is known in each arm, and where several choices hold", async () => {
    const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => fields({ [name]: TEXT }));
    const choices = { allOf: [{ oneOf: [a, b] }], oneOf: [c, d], if: a, then: fields({ then: TEXT }), else: b };
    const { create_widget: taken } = await toolsOf(posted(choices));
    expect(Object.keys(taken as object).sort()).toEqual(["a", "b", "c", "d", "then"]);
  });

  test("that arms have otherwise takes what any of them takes", async () => {
    const arm = (kind: string, size: object) => fields({ kind: { const: kind }, size, same: TEXT });
    const arms = { oneOf: [arm("cat", TEXT), arm("dog", { type: "integer" })] };
    const { create_widget: taken } = await toolsOf(posted(arms));
    expect(taken).toEqual({
      kind: { enum: ["cat", "dog"] },
      size: { anyOf: [TEXT, { type: "integer" }] },
      same: TEXT,
    });
  });

  test("whose name is a number or a switch in YAML", async () => {
    const names = new Map<unknown, unknown>([1, true].map((name) => [name, TEXT]));
    expect(await toolsOf(posted(fields(names)))).toEqual({ create_widget: { 1: TEXT, true: TEXT } });
  });
});

describe("a document", () => {
  const get = { parameters: [{ name: "a", in: "query", schema: TEXT }], responses };
  const plain = () => textOf({ "/widgets": { get } });
  const SERVED = { list_widgets: { a: TEXT } };

  test.each<[string, () => string, unknown]>([
    [
      "with anchors, aliases and merge keys",
      () => `${stringify({ ...HEAD, components: { securitySchemes: { key } } })}
paths:
  /widgets: &item
    get: &get
      parameters: [&a { name: a, in: query, schema: &text { type: string } }]
      responses: { 200: { description: "" } }
  /gadgets: *item
  /gears:
    get: { <<: *get, parameters: [*a, { <<: *a, name: b }] }
`,
      { list_gadgets: { a: TEXT }, list_gears: { a: TEXT, b: TEXT }, ...SERVED },
    ],
    ["with a byte order mark", () => `\uFEFF${plain()}`, SERVED],
    ["with lines that end as on Windows", () => plain().replaceAll("\n", "\r\n"), SERVED],
    ["as JSON", () => JSON.stringify(documentOf({ "/widgets": { get } })), SERVED],
    ["with a path that is null", () => textOf({ "/a": null, "/widgets": { get, post: null } }), SERVED],
    [
      "with webhooks",
      () => stringify({ ...documentOf({ "/widgets": { get } }), webhooks: { w: { post: bodyOf(TEXT) } } }),
      SERVED,
    ],
    [
      "with components by names that none may have",
      () =>
        textOf(
          { "/widgets": { post: bodyOf(fields({ a: { $ref: "#/components/schemas/A~1B%20C" } })) } },
          { schemas: { "A/B C": TEXT } },
        ),
      { create_widget: { a: TEXT } },
    ],
    ["with tags that are empty", () => textOf({ "/widgets": { get: { ...get, tags: [] } } }), SERVED],
    [
      "with one operationId for all",
      () => textOf({ "/widgets": { get: { ...get, operationId: "x" }, post: { responses, operationId: "x" } } }),
      { create_widget: {}, ...SERVED },
    ],
    [
      "with variables in its server",
      () =>
        stringify({
          ...documentOf({ "/widgets": { get } }),
          servers: [{ url: "https://{h}.portkey.ai/{v}", variables: { h: { default: "api" }, v: { default: "v1" } } }],
        }),
      SERVED,
    ],
    [
      "whose paths differ in the names of their parameters only",
      () => textOf({ "/widgets/{a}": { get: { responses } }, "/widgets/{b}": { delete: { responses } } }),
      { get_widget: { a: TEXT }, delete_widget: { b: TEXT } },
    ],
    [
      "with a path that refers to a component",
      () => textOf({ "/widgets": { $ref: "#/components/pathItems/W" } }, { pathItems: { W: { get } } }),
      SERVED,
    ],
    [
      "with a reference into another operation",
      () =>
        textOf({
          "/audio": { post: { ...bodyOf(fields({ a: TEXT })), security: [{ other: [] }] } },
          "/widgets": { post: bodyOf({ $ref: "#/paths/~1audio/post/requestBody/content/application~1json/schema" }) },
        }),
      { create_widget: { a: TEXT } },
    ],
    ...[
      "Application/JSON; charset=utf-8",
      "text/json",
      "*/*",
      "application/*",
      "application/vnd.widget+json; charset=utf-8",
    ].map((type): [string, () => string, unknown] => [
      `with JSON that is called ${type}`,
      () => textOf({ "/widgets": { post: bodyOf(fields({ a: TEXT }), type) } }),
      { create_widget: { a: TEXT } },
    ]),
  ])("%s", async (_what, text, want) => {
    expect(await toolsOf(text())).toEqual(want);
  });

  test.each<[string, object, string]>([
    [
      "parameters that are a map",
      { get: { ...get, parameters: { a: { name: "a", in: "query" } } } },
      "get.parameters is no list",
    ],
    [
      "a form for a body",
      { post: bodyOf(fields({ a: TEXT }), "multipart/form-data") },
      "not served: a body of multipart/form-data cannot be sent",
    ],
    [
      "a file of any kind for a body",
      { post: bodyOf({ type: "string", format: "binary" }, "*/*") },
      "not served: a body of */* cannot be sent",
    ],
    [
      "a keyword that is not read",
      { post: bodyOf(fields({ a: { type: "object", propertyNames: { maxLength: 3 } } })) },
      "propertyNames of properties.a is not checked",
    ],
    [
      "a mapping that leads nowhere",
      { post: bodyOf({ oneOf: [fields({})], discriminator: { propertyName: "t", mapping: { a: "Gone" } } }) },
      '"Gone" of a mapping leads nowhere',
    ],
  ])("%s is told", async (_what, item, told) => {
    const { bare, generated } = await importText(textOf({ "/widgets": item }), inputs);
    expect([...bare.leftOut, ...generated.leftOut].map(({ what }) => what)).toContain(told);
  });

  const deep = (levels: number): unknown => (levels === 0 ? fields({ a: TEXT }) : { allOf: [deep(levels - 1)] });
  test.each<[string, () => string, RegExp]>([
    ["indented by tabs", () => plain().replace("    get:", "\t\tget:"), /^m\.yaml:\d+: Tabs are not allowed/],
    ["without a path", () => textOf({}).replace("paths: {}", "paths:"), /^m\.yaml:\d+: not an OpenAPI document/],
    ["whose parts lie in parts without end", () => posted(deep(150)), /^m\.yaml:\d+: nested deeper than 200 levels/],
    [
      "with definitions that are not where it says",
      () => posted(fields({ a: { $ref: "#/$defs/A" } }, { $defs: { A: TEXT } })),
      /^m\.yaml:\d+: \$ref #\/\$defs\/A points nowhere/,
    ],
  ])("%s is refused", async (_what, text, message) => {
    const importing = importText(text(), inputs);
    await expect(importing).rejects.toThrowError(SourceError);
    await expect(importing).rejects.toThrowError(message);
  });
});

test("a format written as JSON goes out by its name, and its answers are read", async () => {
  const answers = {
    200: { description: "", content: { "application/vnd.widget+json": { schema: fields({ id: TEXT }) } } },
  };
  const patch = { ...bodyOf(fields({ a: TEXT }), "application/merge-patch+json; charset=utf-8"), responses: answers };
  const { facts, generated } = await importText(textOf({ "/widgets/{id}": { patch } }), inputs);
  expect(generated.tools[0]?.record).toMatchObject({
    name: "update_widget",
    mediaType: "application/merge-patch+json",
  });
  const { patch: operation } = facts.document.paths["/widgets/{id}"] ?? {};
  expect(operation && answerSchemaOf(facts.document, operation)).toEqual({
    $ref: "#/components/schemas/UpdateWidgetAnswer",
  });
});

test("a call's check takes what the document takes", { timeout: 60_000 }, async () => {
  const schema = fields(
    {
      id: { ...TEXT, readOnly: true },
      nullable: { type: ["string", "null"] },
      union: { anyOf: [{ type: "integer" }, { type: "null" }] },
      bound: { type: "number", exclusiveMinimum: 0 },
      pair: { type: "array", prefixItems: [TEXT, TEXT] },
      named: { type: "object", patternProperties: { "^x-": TEXT }, additionalProperties: false },
      slashed: { $ref: "#/components/schemas/A~1B" },
      apart: {
        oneOf: [{ $ref: "#/components/schemas/A" }],
        discriminator: { propertyName: "t", mapping: { a: "A", b: "#/components/schemas/Nowhere" } },
      },
    },
    { required: ["id"] },
  );
  const { facts, generated } = await importText(posted(schema, { A: fields({ t: TEXT }), "A/B": TEXT }), inputs);
  const files = await emitAll(facts.document, generated.tools, inputs.curation);
  const [record] = generated.tools.map((tool): ToolRecord => tool.record);
  const lines = (files.get(`validators/${record?.domain}.ts`) ?? "")
    .split("\n")
    .map((line) => line.trim().replace(/,$/, ""));
  const fieldChecks = [
    "id: z.string().optional()",
    "nullable: z.string().nullish()",
    "union: z.int().nullish()",
    "bound: z.number().gt(0).optional()",
    "pair: z.array(z.unknown()).optional()",
    "named: z.record(z.string(), z.unknown()).optional()",
  ];
  expect(lines).toEqual(expect.arrayContaining(fieldChecks));
});
