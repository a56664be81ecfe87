import { describe, expect, test } from "vitest";
import { createPolicy } from "../../src/catalog/create-policy.ts";
import type { PolicyInput } from "../../src/catalog/policy.ts";
import { PROFILES } from "../../src/catalog/policy/profiles.ts";
import { composeInstructions } from "../../src/mcp/guidance/instructions.ts";
import { catalogue } from "./rig.ts";

const write = (input: PolicyInput, sandbox = false) => composeInstructions(catalogue, createPolicy(input), sandbox);
const domains = [...new Set(catalogue.records.map(({ domain }) => domain))];

const POLICIES: readonly PolicyInput[] = [
  {},
  { discover: true },
  { readOnly: true },
  { discover: true, readOnly: true },
  { confirm: "always" },
  ...Object.keys(PROFILES).map((profile) => ({ profile })),
  ...domains.map((domain) => ({ domains: [domain] })),
];

describe.each(POLICIES.map((input) => [JSON.stringify(input), input] as const))(
  "what a client of %s is told",
  (_what, input) => {
    test.each([true, false])("fits into 2 kB (sandbox %s)", (sandbox) => {
      expect(Buffer.byteLength(write(input, sandbox))).toBeLessThanOrEqual(2_048);
    });

    test("names only tools that there are for the caller", () => {
      const admitted = new Set(catalogue.admitted(createPolicy(input)).map(({ name }) => name));
      const words = write(input).match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? [];
      expect(words.filter((word) => catalogue.find(word) !== undefined && !admitted.has(word))).toEqual([]);
    });
  },
);

test.each([
  ["discover mode is explained", { discover: true }, "search_tools"],
  ["the full schema is one call away", {}, "describe_tool"],
  ["outlines are explained", {}, "* is required"],
  ["more is explained", {}, "`more`"],
  ["ids come from lists", {}, "list_ tools"],
  ["writes can be tried", {}, "dry_run"],
  ["publishing is a step of its own", {}, "publish_prompt"],
  ["pages are explained", {}, "has_more"],
  ["the admin key is explained", {}, "admin key"],
  ["a person may be asked", {}, "ask the person"],
  ["read-only is said", { readOnly: true }, "read-only"],
] as const)("%s", (_what, input, words) => {
  expect(write(input)).toContain(words);
});

test.each([
  ["dry runs, where nothing writes", { readOnly: true }, "dry_run"],
  ["questions, where none is asked", { confirm: "never" }, "ask the person"],
  ["describe_tool, where it is not listed", { profile: "core" }, "describe_tool"],
  ["the sandbox, where there is none", {}, "sandbox"],
] as const)("nothing is said of %s", (_what, input, words) => {
  expect(write(input)).not.toContain(words);
});
