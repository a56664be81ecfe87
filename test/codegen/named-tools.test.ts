/** What a tool says of tools that the document no longer has, or the edition never had. */
import { expect, test } from "vitest";
import type { ToolRecord } from "../../src/catalog/record.ts";
import { withServedNames } from "../../codegen/derive/named-tools.ts";
import type { Tool } from "../../codegen/derive/tool.ts";
import type { Curation } from "../../codegen/read/curation.ts";

const tool = (record: Partial<ToolRecord>) => ({ record: { aliases: [], ...record } }) as unknown as Tool;
const row = (name: string) => [name, { name }] as const;
const curation = {
  operations: new Map(["list_pets", "get_pet", "list_owners"].map(row)),
  composites: new Map([row("walk_pet")]),
} as unknown as Curation;

test.each([
  ["a sentence that names a served tool stays", "Get a pet. All are in list_pets.", "Get a pet. All are in list_pets."],
  ["one that names a tool of before goes", "Get a pet. Its owner is in list_owners. It bites.", "Get a pet. It bites."],
  ["one that names a composite that is left out goes", "Get a pet. Use walk_pet after it.", "Get a pet."],
  ["the sentence that says what it does stays", "Get a pet of list_owners.", "Get a pet of list_owners."],
  [
    "a word that is no tool's name is left alone",
    "Get a pet. Give list_owners_too.",
    "Get a pet. Give list_owners_too.",
  ],
  ["a name from before that is an alias now stays", "Get a pet. See old_pets.", "Get a pet. See old_pets."],
])("%s", (_name, description, want) => {
  const tools = [
    tool({ name: "list_pets", aliases: ["old_pets"], description: "List" }),
    tool({ name: "get_pet", description }),
  ];
  expect(withServedNames(tools, curation).tools[1]?.record.description).toBe(want);
});

test.each([
  ["advice that names a served tool stays", { 404: "See list_pets." }, { 404: "See list_pets." }],
  [
    "of advice that names one of before, the rest stays",
    { 409: "It has a home. See list_owners." },
    { 409: "It has a home." },
  ],
  ["advice that says nothing else goes", { 409: "See list_owners.", 404: "Look." }, { 404: "Look." }],
  ["where none is left, there is none", { 409: "See list_owners." }, undefined],
])("%s", (_name, onError, want) => {
  const tools = [
    tool({ name: "list_pets", description: "List" }),
    tool({ name: "get_pet", description: "Get", onError }),
  ];
  expect(withServedNames(tools, curation).tools[1]?.record.onError).toEqual(want);
});

test("each sentence that is left out is told by its tool", () => {
  const tools = [
    tool({ name: "list_pets", description: "List." }),
    tool({ name: "get_pet", description: "Get. See list_owners. It bites.", onError: { 409: "Look. Use walk_pet." } }),
  ];
  expect(withServedNames(tools, curation).unsaid).toEqual([
    { at: "get_pet", what: "See list_owners." },
    { at: "get_pet", what: "Use walk_pet." },
  ]);
});
