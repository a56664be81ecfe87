import { expect, test } from "vitest";
import { findCheckTool } from "../../src/catalog/check-with.ts";
import { loadCatalogue } from "../main-catalogue.ts";

const catalogue = loadCatalogue();

test.each([
  ["get_prompt", "get_prompt"],
  ["get_log", "get_trace"],
  ["update_config", "get_config"],
  ["delete_api_key", "get_api_key"],
  ["publish_prompt", "get_prompt"],
  ["create_collection", "list_collections"],
  ["nope", undefined],
])("what became of %s is seen with %s", (tool, want) => {
  expect(findCheckTool(catalogue, tool)).toBe(want);
});

test("the tool to check with only reads", () => {
  const checks = catalogue.records
    .map(({ name }) => findCheckTool(catalogue, name))
    .filter((name) => name !== undefined);
  expect(checks.filter((name) => catalogue.find(name)?.record.risk !== "read")).toEqual([]);
});
