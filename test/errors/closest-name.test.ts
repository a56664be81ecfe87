import fc from "fast-check";
import { expect, test } from "vitest";
import { closestHint, closestName, closestNames } from "../../src/errors/closest-name.ts";

test.each<[name: string, candidates: string[], want: string | undefined]>([
  // In another form.
  ["promptId", ["prompt_id", "name"], "prompt_id"],
  ["pageSize", ["page_size", "current_page"], "page_size"],
  ["workspace-id", ["workspace_slug", "workspace_id"], "workspace_id"],
  ["ID", ["name", "id"], "id"],
  // Mistyped: swapped, missing, wrong letters.
  ["nmae", ["note", "name"], "name"],
  ["naem", ["note", "name"], "name"],
  ["colour", ["color"], "color"],
  ["list_promts", ["list_prompts", "list_configs"], "list_prompts"],
  ["PORTKEY_API_KYE", ["PORTKEY_API_KEY", "PORTKEY_BASE_URL"], "PORTKEY_API_KEY"],
  // A part of a name, or more than it.
  ["id", ["name", "prompt_id", "at"], "prompt_id"],
  ["descr", ["description", "name"], "description"],
  ["workspace_id", ["id", "name"], "id"],
  ["PORTKEY_URL", ["PORT", "PORTKEY_BASE_URL"], "PORTKEY_BASE_URL"],
  ["prompt", ["list_prompts", "prompts"], "prompts"],
  // Another name: none is near.
  ["xyzzy", ["name", "id", "slug"], undefined],
  ["frobnicate", ["create_config", "list_prompts"], undefined],
  ["weather", ["prompts", "configs", "keys"], undefined],
  ["deploy", ["doctor", "http", "stdio"], undefined],
  ["banana", ["auto", "always", "never"], undefined],
  ["x", ["id", "at"], undefined],
  ["at", ["id", "to"], undefined],
  ["at", ["data"], "data"],
  ["at", ["create_conversation"], undefined],
  ["", ["id"], undefined],
  ["anything", [], undefined],
  ["x".repeat(100_000), ["name"], undefined],
])("%s of %o is %s", (name, candidates, want) => expect(closestName(name, candidates)).toBe(want));

test("several that are near are told nearest first, and never more than asked for", () => {
  const names = ["list_prompt_labels", "list_prompts", "get_prompt", "list_promptx"];
  expect(closestNames("list_promts", names)).toEqual(["list_prompts", "list_promptx"]);
  expect(closestNames("list_promts", names, 1)).toEqual(["list_prompts"]);
});

test("what stands instead says where the names are", () => {
  expect(closestHint("nmae", ["name"], "; see there")).toBe("; the closest is name");
  expect(closestHint("xyzzy", ["name"], "; see there")).toBe("; see there");
});

test("no name without a letter in common is ever suggested", () => {
  const left = fc.string({ unit: fc.constantFrom(..."abcdefghijklm_"), minLength: 1, maxLength: 40 });
  const right = fc.string({ unit: fc.constantFrom(..."nopqrstuvwxyz"), minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(left, fc.array(right, { maxLength: 5 }), (name, candidates) => {
      const isShort = name.replace(/_/g, "").length < 2;
      expect(closestNames(name, candidates)).toEqual(isShort ? expect.any(Array) : []);
    }),
  );
});
