/** Search in the edition that has tools of its own: the shared requests, and those for its own tools. */
import { describe, expect, test } from "vitest";
import { loadEdition, loadSearchModel } from "../../src/catalog/editions.ts";
import { createToolSearch } from "../../src/catalog/search/search.ts";

const { records } = await loadEdition("airs");
const search = createToolSearch(records, await loadSearchModel("airs"));

test.each(records.map(({ name }) => name))("%s is found by its own name", (name) => {
  expect(search(name, 1).map((record) => record.name)).toEqual([name]);
  expect(search(name.replaceAll("_", " "), 1).map((record) => record.name)).toEqual([name]);
});

describe("a request that was not learnt has its tool among the first five", () => {
  test.each([
    ["set up one insult filter that counts for each team of the company", "create_org_guardrail"],
    ["which safety rules hold across the entire organisation", "list_org_guardrails"],
    ["the firm's global check on personal data refuses too much, tune it", "update_org_guardrail"],
    ["the tenant's regex rule can be deleted", "delete_org_guardrail"],
    ["let the global secrets rule inspect the gitlab mcp server too", "upsert_org_guardrail_mcp_server"],
    ["our tuned llm is outdated, delete it", "delete_model"],
    ["what is our spending per day", "get_cost_analytics"],
    ["the key of the chat app leaked, give it a new secret", "rotate_api_key"],
  ])("%s", (request, tool) => {
    expect(search(request, 5).map(({ name }) => name)).toContain(tool);
  });
});
