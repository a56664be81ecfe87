/** A body's field as nobody writes it by hand and some tool does is served as its document means it. */
import { beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import type { Inputs } from "../../codegen/inputs.ts";
import { bodyOf, documentOf, fields, posted, readBareInputs, TEXT, toolsOf } from "./unusual-document.ts";

let inputs: Inputs;
beforeAll(async () => {
  inputs = await readBareInputs();
});

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
    const { create_widget: taken } = await toolsOf(posted(fields({ field }), schemas), inputs);
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
    const { create_widget: taken } = await toolsOf(stringify({ ...document, openapi: "3.0.3" }), inputs);
    expect(taken).toEqual({ a: { ...fields({ t: TEXT, b: TEXT }), type: ["object", "null"] } });
  });

  test("of a body is known in each arm, and where several choices hold", async () => {
    const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => fields({ [name]: TEXT }));
    const choices = { allOf: [{ oneOf: [a, b] }], oneOf: [c, d], if: a, then: fields({ then: TEXT }), else: b };
    const { create_widget: taken } = await toolsOf(posted(choices), inputs);
    expect(Object.keys(taken as object).sort()).toEqual(["a", "b", "c", "d", "then"]);
  });

  test("that arms have otherwise takes what any of them takes", async () => {
    const arm = (kind: string, size: object) => fields({ kind: { const: kind }, size, same: TEXT });
    const arms = { oneOf: [arm("cat", TEXT), arm("dog", { type: "integer" })] };
    const { create_widget: taken } = await toolsOf(posted(arms), inputs);
    expect(taken).toEqual({
      kind: { enum: ["cat", "dog"] },
      size: { anyOf: [TEXT, { type: "integer" }] },
      same: TEXT,
    });
  });

  test("whose name is a number or a switch in YAML", async () => {
    const names = new Map<unknown, unknown>([1, true].map((name) => [name, TEXT]));
    expect(await toolsOf(posted(fields(names)), inputs)).toEqual({ create_widget: { 1: TEXT, true: TEXT } });
  });
});
