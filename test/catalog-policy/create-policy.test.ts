import { describe, expect, it } from "vitest";
import { policyProblems } from "../../src/catalog/create-policy.ts";
import { splitList } from "../../src/catalog/globs.ts";
import { loadCatalogue } from "../main-catalogue.ts";
import type { PolicyInput } from "../../src/catalog/policy.ts";
import { PROFILES } from "../../src/catalog/policy/profiles.ts";
import { RECORDS } from "./records.ts";

describe("policyProblems", () => {
  const cases: readonly { given: PolicyInput; want: readonly string[] }[] = [
    { given: { domains: ["prompts"], tools: ["get_*", "!get_trace", "get_log"], profile: "core" }, want: [] },
    {
      given: { domains: ["prompt"] },
      want: ['PORTKEY_TOOL_DOMAINS: "prompt" is not a domain. Did you mean "prompts"? Known: keys, prompts, tracing.'],
    },
    { given: { tools: ["get_promt"] }, want: ['PORTKEY_TOOLS: "get_promt" is not a tool. Did you mean "get_prompt"?'] },
    {
      given: { tools: ["!delete_promt"] },
      want: ['PORTKEY_TOOLS: "delete_promt" is not a tool. Did you mean "delete_prompt"?'],
    },
    { given: { tools: ["purge_*"] }, want: ['PORTKEY_TOOLS: "purge_*" matches no tool.'] },
    { given: { adminKeyFor: ["read", "prompts", "keys:read"] }, want: [] },
    { given: { adminKeyFor: ["none"] }, want: [] },
    {
      given: { adminKeyFor: ["read", "promts"] },
      want: [
        'PORTKEY_ADMIN_KEY_FOR: "promts" is not a domain, domain:read or read. ' +
          'Did you mean "prompts"? Known: keys, prompts, tracing.',
      ],
    },
    {
      given: { adminKeyFor: ["read", "none"] },
      want: ['PORTKEY_ADMIN_KEY_FOR: "none" is not a domain, domain:read or read. Known: keys, prompts, tracing.'],
    },
    { given: { profile: "cor" }, want: ['PORTKEY_PROFILE: "cor" is not a profile. Did you mean "core"? Known: core.'] },
    {
      given: { profile: "toString" },
      want: ['PORTKEY_PROFILE: "toString" is not a profile. Known: core.'],
    },
    {
      given: {
        domains: ["key"],
        settings: { domains: "rule ops, domains", tools: "rule ops, tools", readOnly: "rule ops" },
      },
      want: ['rule ops, domains: "key" is not a domain. Did you mean "keys"? Known: keys, prompts, tracing.'],
    },
  ];
  it.each(cases)("finds in $given: $want", ({ given, want }) => {
    expect(policyProblems(given, RECORDS)).toEqual(want);
  });
});

describe("splitList", () => {
  it.each([
    ["", []],
    [" a, b c,,d ", ["a", "b", "c", "d"]],
    ["{get,list}_*,!x", ["{get,list}_*", "!x"]],
    ["{a,b", ["{a", "b"]],
  ])("%j", (given, want) => {
    expect(splitList(given)).toEqual(want);
  });
});

describe("profiles", () => {
  it.each(Object.keys(PROFILES))("%s names tools that exist", (profile) => {
    expect(policyProblems({ tools: PROFILES[profile] ?? [] }, loadCatalogue().records)).toEqual([]);
  });

  it("core is short enough for every client and names nothing twice", () => {
    const core = PROFILES["core"] ?? [];
    expect(core.length).toBeLessThanOrEqual(40);
    expect(new Set(core).size).toBe(core.length);
  });
});
