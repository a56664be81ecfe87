/** Each spelling of OpenAPI 3.1 and JSON Schema, and what OpenAPI 3.0 says in its place. */
import { expect, test } from "vitest";
import { respell, versionOf } from "../../codegen/read/well-formed/spellings.ts";

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ["what 3.0 knows already", { type: "string", nullable: true }, { type: "string", nullable: true }],
  ["one type or null", { type: ["string", "null"] }, { type: "string", nullable: true }],
  ["several types", { type: ["string", "integer"] }, { anyOf: [{ type: "string" }, { type: "integer" }] }],
  ["null alone", { type: "null" }, { nullable: true }],
  ["a constant", { const: "a" }, { enum: ["a"] }],
  ["a constant beside its enum", { const: "a", enum: ["a"] }, { enum: ["a"] }],
  ["null among the values", { enum: [1, null] }, { enum: [1, null], nullable: true }],
  [
    "an arm or null",
    { anyOf: [{ $ref: "#/components/schemas/A" }, { type: "null" }] },
    { allOf: [{ $ref: "#/components/schemas/A" }], nullable: true },
  ],
  [
    "an arm or null, with more that holds of it",
    { allOf: [{ minLength: 1 }], oneOf: [{ type: "string" }, { const: null }] },
    { allOf: [{ minLength: 1 }, { type: "string" }], nullable: true },
  ],
  [
    "two arms or null",
    { oneOf: [{ type: "string" }, { type: "null" }, { type: "integer" }] },
    { oneOf: [{ type: "string" }, { type: "integer" }], nullable: true },
  ],
  ["above a bound", { exclusiveMinimum: 0 }, { minimum: 0, exclusiveMinimum: true }],
  ["above a bound that is looser than another", { exclusiveMinimum: 0, minimum: 3 }, { minimum: 3 }],
  ["below the stricter of two bounds", { exclusiveMaximum: 5, maximum: 9 }, { maximum: 5, exclusiveMaximum: true }],
  ["a bound with 3.0's switch", { minimum: 0, exclusiveMinimum: true }, { minimum: 0, exclusiveMinimum: true }],
  ["items by their place", { type: "array", prefixItems: [{}], items: false }, { type: "array", items: {} }],
  [
    "members by the form of their name",
    { type: "object", patternProperties: { "^x-": {} }, additionalProperties: false },
    { type: "object", additionalProperties: true },
  ],
])("%s is said as 3.0 says it", (_what, given, want) => {
  expect(respell(given)).toEqual(want);
});

test.each([
  ["3.0.1", "3.0.1"],
  ["3.1.0", "3.0.3"],
  ["3.2.0", "3.0.3"],
])("a document of %s is one of %s then", (given, want) => {
  expect(versionOf(given)).toBe(want);
});
