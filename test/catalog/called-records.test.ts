import { expect, test } from "vitest";
import { calledRecords } from "../../src/catalog/called-records.ts";
import { loadCatalogue } from "../main-catalogue.ts";

const catalogue = loadCatalogue();

test.each([
  ["list_prompts", {}, ["list_prompts"]],
  ["get_log", {}, ["get_trace"]],
  ["call_destructive_tool", { name: "delete_prompt" }, ["delete_prompt"]],
  ["call_read_tool", { name: "delete_prompt" }, ["delete_prompt"]],
  ["call_read_tool", undefined, []],
  ["call_read_tool", { name: 5 }, []],
  ["describe_tool", { name: "delete_prompt" }, []],
  ["nope", {}, []],
])("%s with %j is aimed at %j", (tool, args, want) => {
  expect(calledRecords(catalogue, tool, args).map(({ name }) => name)).toEqual(want);
});
