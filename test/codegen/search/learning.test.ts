/** What is learnt from requests, on a catalogue of four tools. */
import { describe, expect, test } from "vitest";
import { searchText } from "../../../codegen/search/emit.ts";
import type { Request, Words } from "../../../codegen/search/train.ts";
import type { SearchModel } from "../../../src/catalog/search/model.ts";
import { createToolSearch } from "../../../src/catalog/search/search.ts";
import type { ToolRecord } from "../../../src/catalog/record.ts";

function tool(name: string, risk: Words["risk"]): ToolRecord {
  const title = name.replaceAll("_", " ");
  return {
    name,
    title,
    description: `${title}.`,
    domain: "all",
    risk,
    keywords: [],
    aliases: [],
  } as unknown as ToolRecord;
}
const records = [
  tool("list_keys", "read"),
  tool("delete_key", "destroy"),
  tool("list_budgets", "read"),
  tool("delete_budget", "destroy"),
];
const requests: Request[] = [
  { tool: "list_keys", text: "which secrets do our apps log in with" },
  { tool: "list_keys", text: "show every secret" },
  { tool: "delete_key", text: "bin that secret" },
  { tool: "list_budgets", text: "how much money may teams spend" },
];
const text = searchText({ records, requests });
const find = createToolSearch(records, JSON.parse(text) as SearchModel);

describe("a request finds its tool", () => {
  test.each([
    ["in words of the requests", "show me the secrets", "list_keys"],
    ["in words of the tool's own", "list budgets", "list_budgets"],
    ["by a verb that was learnt from another tool", "bin the budget", "delete_budget"],
    ["with a slip of the pen", "how much monney", "list_budgets"],
  ])("%s", (_how, request, wanted) => {
    expect(find(request, 1).map(({ name }) => name)).toEqual([wanted]);
  });
});

describe("what was learnt", () => {
  test("is the same each time", () => {
    expect(searchText({ records, requests })).toBe(text);
  });

  test("is kept where it was made from the same", () => {
    const { made, ...rest } = JSON.parse(text) as Record<string, unknown>;
    const present = JSON.stringify({ ...rest, made });
    expect(searchText({ records, requests }, present)).toBe(present);
  });

  test.each([
    ["other requests", text, requests.slice(1)],
    ["weights that somebody changed", text.replace(/"numbers":"...../, '"numbers":"AAAAA'), requests],
    ["a file that is none", "{", requests],
    ["an empty file", "{}", requests],
  ])("is made anew for %s", (_what, present, asked) => {
    expect(searchText({ records, requests: asked }, present)).not.toBe(present);
    expect(searchText({ records, requests: asked }, present)).toBe(searchText({ records, requests: asked }));
  });
});
