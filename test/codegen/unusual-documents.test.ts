/** What nobody writes by hand and some tool does: each document ends well, and what is served of it is right. */
import { beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { emitAll } from "../../codegen/emit/emit.ts";
import type { Inputs } from "../../codegen/inputs.ts";
import { answerSchemaOf } from "../../codegen/read/document.ts";
import { SourceError } from "../../codegen/read/load.ts";
import type { ToolRecord } from "../../src/catalog/record.ts";
import { importText } from "./mutations/pipeline.ts";
import {
  bodyOf,
  documentOf,
  fields,
  HEAD,
  key,
  posted,
  readBareInputs,
  responses,
  TEXT,
  textOf,
  toolsOf,
} from "./unusual-document.ts";

let inputs: Inputs;
beforeAll(async () => {
  inputs = await readBareInputs();
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
    expect(await toolsOf(text(), inputs)).toEqual(want);
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
