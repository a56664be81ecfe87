import { describe, expect, it } from "vitest";
import { createPolicy } from "../../../src/catalog/create-policy.ts";
import { narrowPolicy } from "../../../src/catalog/policy/narrow.ts";
import type { Policy } from "../../../src/catalog/policy.ts";
import {
  missingScopes,
  portkeyScopes,
  type ToolWithCalls,
  requiredScopes,
  scopeNarrowing,
} from "../../../src/http/auth/scopes.ts";
import { COMPOSITE, findRecord } from "../../catalog-policy/records.ts";

const UNUSED: ToolWithCalls = [COMPOSITE, findRecord("list_api_keys"), findRecord("get_trace")];
const PROMOTE: ToolWithCalls = [
  findRecord("promote_prompt"),
  findRecord("get_prompt"),
  findRecord("update_prompt"),
  findRecord("list_api_keys"),
];
const READ: ToolWithCalls = [findRecord("get_prompt")];
const WRITE: ToolWithCalls = [findRecord("delete_prompt")];

describe("the scopes of a tool", () => {
  it.each([
    ["that reads", READ, ["portkey:prompts:read"]],
    ["that writes", WRITE, ["portkey:prompts:write"]],
    ["that calls tools of two domains", UNUSED, ["portkey:keys:read", "portkey:tracing:read"]],
    ["that writes in one domain and reads another", PROMOTE, ["portkey:prompts:write", "portkey:keys:read"]],
  ])("%s", (_what, reach, want) => {
    expect(requiredScopes(reach)).toEqual(want);
  });
});

describe("the scopes that a token lacks", () => {
  const open = createPolicy();
  const cases: readonly { held: string; reach: ToolWithCalls; policy?: Policy; want: readonly string[] }[] = [
    { held: "portkey:read", reach: READ, want: [] },
    { held: "portkey:write", reach: READ, want: [] },
    { held: "portkey:write", reach: PROMOTE, want: [] },
    { held: "portkey:read", reach: UNUSED, want: [] },
    { held: "portkey:read", reach: WRITE, want: ["portkey:write"] },
    { held: "portkey:read", reach: PROMOTE, want: ["portkey:write"] },
    { held: "", reach: READ, want: ["portkey:read"] },
    { held: "openid", reach: UNUSED, want: ["portkey:read"] },
    { held: "portkey:prompts:write", reach: READ, want: [] },
    { held: "portkey:prompts:read", reach: WRITE, want: ["portkey:prompts:write"] },
    { held: "portkey:keys:read", reach: UNUSED, want: ["portkey:keys:read", "portkey:tracing:read"] },
    { held: "portkey:keys:write portkey:tracing:read", reach: UNUSED, want: [] },
    { held: "portkey:prompts:write", reach: PROMOTE, want: ["portkey:prompts:write", "portkey:keys:read"] },
    { held: "portkey:prompts:write portkey:read", reach: PROMOTE, want: [] },
    // Where the server or a rule refuses, no scope helps.
    { held: "portkey:read", reach: WRITE, policy: createPolicy({ readOnly: true }), want: [] },
    { held: "portkey:read", reach: WRITE, policy: narrowPolicy(open, { domains: ["keys"], rights: true }), want: [] },
    {
      held: "portkey:keys:read",
      reach: UNUSED,
      policy: narrowPolicy(open, { domains: ["keys"], rights: true }),
      want: [],
    },
  ];
  it.each(cases)("holding $held: $want", ({ held, reach, policy = open, want }) => {
    expect(missingScopes(policy, held.split(" "), reach)).toEqual(want);
  });
});

describe("scopes", () => {
  it("of other forms mean nothing", () => {
    const odd = [
      "portkey",
      "portkey:",
      "portkey:admin",
      "portkey:read ",
      "xportkey:read",
      "portkey:read:write:read",
      "PORTKEY:READ",
      "portkey:*:read",
      "portkey::read",
      "portkey:prompts",
      "portkey:prompts:delete",
    ];
    expect(portkeyScopes(odd)).toEqual([]);
    expect(scopeNarrowing(odd)).toMatchObject({ domains: [], writeDomains: [] });
  });
});
