/** Rare fields, which the glossary keeps out of listings. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { generateTools } from "../../codegen/derive/records.ts";
import { unlistedArguments, withUnlisted, type Unlisted } from "../../codegen/derive/unlisted.ts";
import { readInputs, type Inputs } from "../../codegen/inputs.ts";
import type { Document, Schema } from "../../codegen/read/document.ts";

const text: Schema = { type: "string" };
const unlisted = { ...text, "x-listed": false };
const openapi = fileURLToPath(new URL("../../openapi", import.meta.url));

test.each<[string, Schema, string[], Schema]>([
  ["of an object", { properties: { a: text, b: text } }, ["b"], { properties: { a: text, b: unlisted } }],
  [
    "within an object",
    { properties: { a: { properties: { b: text } } } },
    ["a.b"],
    { properties: { a: { properties: { b: unlisted } } } },
  ],
  ["of a part", { allOf: [{}, { properties: { a: text } }] }, ["a"], { allOf: [{}, { properties: { a: unlisted } }] }],
  [
    "that is a reference",
    { properties: { a: { $ref: "#/components/schemas/B" } } },
    ["a"],
    { properties: { a: { allOf: [{ $ref: "#/components/schemas/B" }], "x-listed": false } } },
  ],
  ["that is not there", { properties: { a: text } }, ["b", "a.b", "constructor"], { properties: { a: text } }],
])("a field %s", (_what, schema, paths, want) => {
  const facts: Document = { openapi: "3.0.0", info: {}, paths: {}, components: { schemas: { A: schema } } };
  expect(withUnlisted(facts, { A: paths, C: ["a"] }).components?.["schemas"]).toEqual({ A: want });
});

test("an argument is named by its tool", () => {
  expect(unlistedArguments({ a: text, b: text }, "get_a", { get_a: ["b"] })).toEqual({ a: text, b: unlisted });
  expect(unlistedArguments({ a: text }, "toString", {})).toEqual({ a: text });
});

test("each row of the glossary has its effect in an edition", async () => {
  const editions = await Promise.all(["portkey", "airs"].map((edition) => readInputs(openapi, edition)));
  const rows = Object.entries(editions[0]?.curation.glossary.unlisted ?? {});
  expect(rows.length).toBeGreaterThan(10);
  const idle = rows.flatMap(([name, paths]) =>
    paths.filter((path) => !editions.some((inputs) => hasEffect(inputs, name, path))).map((path) => `${name}.${path}`),
  );
  expect(idle).toEqual([]);
});

function hasEffect({ facts, curation }: Inputs, name: string, path: string): boolean {
  const { glossary } = curation;
  const marked = withUnlisted(facts, { [name]: [path] });
  if (JSON.stringify(marked) !== JSON.stringify(facts)) return true;
  const others = { ...glossary.unlisted };
  delete others[name];
  const listing = (unlisted: Unlisted) =>
    JSON.stringify(generateTools(facts, { ...curation, glossary: { ...glossary, unlisted } }).tools);
  return listing({ ...others, [name]: [path] }) !== listing(others);
}
