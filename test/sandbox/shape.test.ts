import { expect, it } from "vitest";
import { matchesSchema } from "../../src/sandbox/shapes/matches-schema.ts";
import { conformToSchema, shapeAnswer, shapePage } from "../../src/sandbox/shapes/shape.ts";
import { SchemaReader, type Schema } from "../../src/sandbox/shapes/schema.ts";
import { createJsonView } from "../../src/sandbox/shapes/views.ts";

const reader = new SchemaReader({
  components: {
    schemas: {
      Limit: {
        type: "object",
        required: ["type"],
        properties: { type: { type: "string", enum: ["cost", "tokens"] }, value: { type: "integer" } },
      },
    },
  },
});
const limit = { $ref: "#/components/schemas/Limit" };

it.each<[string, Schema, unknown, unknown]>([
  ["an object where a list is declared", { type: "array", items: limit }, { type: "cost" }, [{ type: "cost" }]],
  ["a list where an object is declared", limit, [{ type: "cost" }, { type: "tokens" }], { type: "cost" }],
  ["an object where text is declared", { type: "string" }, { a: 1 }, '{"a":1}'],
  ["a number where text is declared", { type: "string" }, 7, "7"],
  ["a fraction where a whole number is declared", { type: "integer" }, 1.6, 2],
  ["true where a number is declared", { type: "integer" }, true, 1],
  ["1 where a truth is declared", { type: "boolean" }, 1, true],
  ["null anywhere", { type: "string" }, null, null],
  ["a field that is missing and required", limit, { value: 1 }, { type: "cost", value: 1 }],
  ["a field that is not declared", limit, { type: "tokens", more: [1] }, { type: "tokens", more: [1] }],
  ["a value that no enum foresaw", { type: "string", enum: ["a"] }, "z", "z"],
  [
    "the alternative that fits",
    {
      oneOf: [
        { type: "object", properties: { n: { type: "string" } }, required: ["n"] },
        { type: "object", properties: { m: { type: "integer" } } },
      ],
    },
    { m: 1.2 },
    { m: 1.2 },
  ],
])("tells %s", (_what, schema, value, want) => {
  expect(conformToSchema(reader, schema, value, "x")).toEqual(want);
});

it.each<[string, Schema, unknown, boolean]>([
  ["null where it may be", { type: "string", nullable: true }, null, true],
  ["null where it may not be", { type: "string" }, null, false],
  ["an unforeseen word", { type: "string", enum: ["a"] }, "b", false],
  ["a missing required field", limit, {}, false],
  ["a wrong item", { type: "array", items: limit }, [{ type: "cost" }, { type: "time" }], false],
  ["no alternative", { anyOf: [{ type: "string" }, { type: "integer" }] }, true, false],
  [
    "parts put together",
    { allOf: [limit, { type: "object", required: ["name"], properties: { name: { type: "string" } } }] },
    { type: "cost", name: "n" },
    true,
  ],
  ["parts that lack something", { allOf: [limit, { type: "object", required: ["name"] }] }, { type: "cost" }, false],
])("sees %s", (_what, schema, value, want) => {
  expect(matchesSchema(reader, schema, value)).toBe(want);
});

it("samples what is declared and not held, the same each time, and leaves out what would mislead", () => {
  const schema: Schema = {
    type: "object",
    required: ["weight"],
    properties: {
      id: { type: "string", format: "uuid" },
      name: { type: "string" },
      expires_at: { type: "string", format: "date-time" },
      note: { type: "string", nullable: true },
      weight: { type: "number", default: 1 },
    },
  };
  const answer = () => shapeAnswer(reader, schema, createJsonView("thing", { name: "held", hidden: true }));
  expect(answer()).toEqual({ id: expect.stringMatching(/^[0-9a-f-]{36}$/), name: "held", note: null, weight: 1 });
  expect(answer()).toEqual(answer());
});

it.each<[string, Schema, unknown]>([
  [
    "data and total",
    {
      type: "object",
      properties: { data: { type: "array", items: limit }, total: { type: "integer" }, has_more: { type: "boolean" } },
    },
    { data: [{ type: "cost", value: 0 }], total: 5, has_more: true },
  ],
  [
    "another name",
    { type: "object", properties: { mappings: { type: "array", items: limit }, total_count: { type: "integer" } } },
    { mappings: [{ type: "cost", value: 0 }], total_count: 5 },
  ],
  [
    "success and data",
    { type: "object", properties: { success: { type: "boolean" }, data: { type: "array", items: limit } } },
    { success: true, data: [{ type: "cost", value: 0 }] },
  ],
  ["a bare array", { type: "array", items: limit }, [{ type: "cost", value: 0 }]],
  ["nothing declared", { type: "object" }, { object: "list", total: 5, data: [{ type: "cost" }] }],
])("puts a page into the envelope with %s", (_what, schema, want) => {
  expect(
    shapePage(reader, schema, { items: [createJsonView("a", { type: "cost" })], total: 5, more: true, extra: {} }),
  ).toEqual(want);
});

it("says which reference leads nowhere", () => {
  expect(() => reader.resolve({ $ref: "#/components/schemas/Gone" })).toThrow("#/components/schemas/Gone");
});
