import { describe, expect, it } from "vitest";
import { createPolicy } from "../../src/catalog/create-policy.ts";
import { decide } from "../../src/catalog/decide.ts";
import { narrowPolicy } from "../../src/catalog/policy/narrow.ts";
import type { Policy, PolicyInput } from "../../src/catalog/policy.ts";
import { RECORDS, findRecord } from "./records.ts";

function admitted(policy: Policy): string[] {
  return RECORDS.filter((record) => decide(policy, record).allowed).map((record) => record.name);
}

const GIVEN: readonly { name: string; given: PolicyInput; want: readonly string[] }[] = [
  { name: "nothing set", given: {}, want: RECORDS.map((record) => record.name) },
  { name: "read-only", given: { readOnly: true }, want: ["list_prompts", "get_prompt", "get_trace", "list_api_keys"] },
  { name: "a domain", given: { domains: ["keys"] }, want: ["list_api_keys", "rotate_api_key"] },
  { name: "no domain at all", given: { domains: [] }, want: [] },
  {
    name: "a glob",
    given: { tools: ["*_prompt"] },
    want: ["get_prompt", "update_prompt", "delete_prompt", "promote_prompt"],
  },
  {
    name: "an exclusion alone",
    given: { tools: ["!*_prompt*"] },
    want: ["get_trace", "list_api_keys", "rotate_api_key"],
  },
  {
    name: "an exclusion beats a name",
    given: { tools: ["get_prompt", "list_*", "!*_prompt"] },
    want: ["list_prompts", "list_api_keys"],
  },
  { name: "a glob of choices", given: { tools: ["{get,delete}_prompt"] }, want: ["get_prompt", "delete_prompt"] },
  { name: "an empty list", given: { tools: [] }, want: [] },
  { name: "an alias", given: { tools: ["get_log"] }, want: ["get_trace"] },
  { name: "an excluded alias", given: { tools: ["get_*", "!get_log"] }, want: ["get_prompt"] },
  {
    name: "a profile and a domain",
    given: { profile: "core", domains: ["keys"] },
    want: ["list_api_keys", "rotate_api_key"],
  },
  { name: "an unknown profile", given: { profile: "nope" }, want: [] },
  {
    name: "write in one domain, read in all",
    given: { writeDomains: ["keys"] },
    want: ["list_prompts", "get_prompt", "get_trace", "list_api_keys", "rotate_api_key"],
  },
  {
    name: "read-only over a named writing tool",
    given: { readOnly: true, tools: ["delete_prompt", "get_prompt"] },
    want: ["get_prompt"],
  },
];

describe("decide", () => {
  it.each(GIVEN)("admits with $name", ({ given, want }) => {
    expect(admitted(createPolicy(given))).toEqual(want);
  });

  const refusals: readonly { name: string; policy: Policy; tool: string; setting: string; reason: string }[] = [
    {
      name: "read-only first, though the domain would refuse too",
      policy: createPolicy({ readOnly: true, domains: ["keys"] }),
      tool: "delete_prompt",
      setting: "PORTKEY_READ_ONLY",
      reason: "delete_prompt changes data (risk: destroy), and PORTKEY_READ_ONLY allows only tools that read.",
    },
    {
      name: "the domain",
      policy: createPolicy({ domains: ["keys"] }),
      tool: "get_prompt",
      setting: "PORTKEY_TOOL_DOMAINS",
      reason: "get_prompt belongs to the domain prompts, which PORTKEY_TOOL_DOMAINS does not include.",
    },
    {
      name: "the exclusion",
      policy: createPolicy({ tools: ["!delete_*"] }),
      tool: "delete_prompt",
      setting: "PORTKEY_TOOLS",
      reason: "PORTKEY_TOOLS excludes delete_prompt.",
    },
    {
      name: "the profile",
      policy: createPolicy({ profile: "core" }),
      tool: "delete_prompt",
      setting: "--profile core",
      reason: "--profile core does not include delete_prompt.",
    },
    {
      name: "a rule's reading domain",
      policy: narrowPolicy(createPolicy(), {
        writeDomains: ["keys"],
        settings: { domains: "rule ops", tools: "rule ops", readOnly: "rule ops" },
      }),
      tool: "update_prompt",
      setting: "rule ops",
      reason: "update_prompt changes data (risk: update), and rule ops allows only reading in the domain prompts.",
    },
    {
      name: "the server before the request",
      policy: narrowPolicy(createPolicy({ tools: ["get_*"] }), {
        tools: ["list_*"],
        settings: { domains: "X-MCP-Toolsets", tools: "?tools=", readOnly: "X-MCP-Readonly" },
      }),
      tool: "delete_prompt",
      setting: "PORTKEY_TOOLS",
      reason: "PORTKEY_TOOLS does not include delete_prompt.",
    },
  ];
  it.each(refusals)("names $name", ({ policy, tool, setting, reason }) => {
    expect(decide(policy, findRecord(tool))).toEqual({ allowed: false, setting, reason });
  });
});
