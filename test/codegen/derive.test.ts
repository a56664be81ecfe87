import { expect, test } from "vitest";
import { derivedName, operationKey } from "../../codegen/derive/derive.ts";
import type { Method } from "../../codegen/read/document.ts";

test.each<[Method, string, string]>([
  ["get", "/prompts", "list_prompts"],
  ["post", "/prompts", "create_prompt"],
  ["get", "/prompts/{promptId}", "get_prompt"],
  ["delete", "/policies/usage-limits/{id}", "delete_policies_usage_limit"],
  ["get", "/prompts/{promptId}/versions", "list_prompt_versions"],
  ["put", "/prompts/{promptId}/makeDefault", "update_prompt_make_default"],
])("%s %s is named %s", (method, path, want) => {
  expect(derivedName(method, path)).toBe(want);
});

test("no name is longer than clients take", () => {
  expect(
    derivedName("put", "/a-very-long-resource/{id}/another-very-long-resource/{x}/and-a-third-one").length,
  ).toBeLessThanOrEqual(40);
});

test("letter case and parameter names do not tell operations apart", () => {
  expect(operationKey("put", "/Prompts/{id}/makedefault")).toBe(operationKey("PUT", "/prompts/{promptId}/makeDefault"));
});
