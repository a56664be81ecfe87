/** Names never collide, and a field may be called as every object's own member is. */
import { expect, test } from "vitest";
import { nameOperations } from "../../codegen/derive/names.ts";
import { fieldText, type Curation } from "../../codegen/read/curation.ts";
import type { Document } from "../../codegen/read/document.ts";

const glossary = { common: {}, fields: { id: "Its id" }, tools: {} };
const curation = { operations: new Map(), composites: new Map([["get_b", {}]]), glossary } as unknown as Curation;
const operation = { responses: {} };
const namesOf = (paths: object) =>
  nameOperations({ openapi: "3.0.0", info: {}, paths } as unknown as Document, curation);

test.each<[string, object, string[]]>([
  ["verb, then method", { "/a": { put: operation, patch: operation } }, ["update_a", "patch_a"]],
  [
    "what the path asks for",
    { "/a/{x}": { get: operation }, "/a/{x}/{y}": { get: operation } },
    ["get_a", "get_a_by_x_y"],
  ],
  [
    "a number",
    { "/a-c": { get: operation }, "/a/c": { get: operation }, "/a_c": { get: operation } },
    ["list_a_c", "get_a_c", "list_a_c_2"],
  ],
  ["a composite's name is taken", { "/b/{x}": { get: operation } }, ["get_b_by_x"]],
])("operations of one derived name are told apart by %s", (_, paths, want) => {
  expect(namesOf(paths).operations.map(({ words }) => words.name)).toEqual(want);
});

test("names that are told apart by a number are no longer than clients take", () => {
  const word = "b".repeat(33);
  const paths = {
    [`/a-${word}`]: { get: operation },
    [`/a/${word}`]: { get: operation },
    [`/a_${word}`]: { get: operation },
  };
  const names = namesOf(paths).operations.map(({ words }) => words.name);
  expect(names).toEqual([`list_a_${word}`, `get_a_${word}`, `list_a_${word.slice(3)}_2`]);
});

test("two spellings of one operation are one", () => {
  const { operations, leftOut } = namesOf({ "/a/{x}": { get: operation }, "/A/{y}": { get: operation } });
  expect(operations).toHaveLength(1);
  expect(leftOut).toEqual([{ at: "GET /A/{y}", what: "left out: it is GET /a/{x} in another spelling" }]);
});

test.each([
  ["constructor", ""],
  ["__proto__", ""],
  ["id", "Its id"],
])("the text of a field called %s is the glossary's own", (name, want) => {
  expect(fieldText(glossary, "any", [name])).toBe(want);
});
