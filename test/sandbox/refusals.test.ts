/**
 * What Portkey's API refuses beyond its document: with which status and code, and with nothing done.
 */
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { uuid } from "../../src/sandbox/state/ids.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { makeSandbox, ok, send } from "./setup.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await makeSandbox();
});
beforeEach(() => sandbox.reset());

type Method = "GET" | "POST" | "PUT" | "DELETE";
const idOf = (kind: string, slug: string) => uuid(`${kind}:${slug}`);
const ada = idOf("/admin/users", "ada@sandbox.example");
const productionKey = idOf("/api-keys", "checkout-service");
const login = { aws_auth_type: "accessKey", aws_access_key_id: "AKIA1", aws_secret_access_key: "s3", aws_region: "eu" };
const reference = { name: "r", manager_type: "aws_sm", auth_config: login, secret_path: "a" };
const key = { name: "k", scopes: ["logs.list"], workspace_id: "dev" };
const usage = { type: "cost", credit_limit: 10 };
const policy = { group_by: [{ key: "api_key" }], type: "cost", credit_limit: 10, workspace_id: "dev" };

describe("refused", () => {
  it.each<[string, Method, string, unknown, number, string]>([
    ["an unchanged role", "PUT", `/admin/users/${ada}`, { role: "owner" }, 400, "AB01"],
    ["a workspace that never was", "GET", "/admin/workspaces/none", undefined, 403, "AB03"],
    ["a secret reference that is not there", "GET", "/secret-references/none", undefined, 404, "AB08"],
    ["a deletion without the name", "DELETE", "/admin/workspaces/dev", { force_delete: true }, 400, "AB01"],
    ["a deletion without a body", "DELETE", "/admin/workspaces/dev", undefined, 400, "AB01"],
    ["a deletion by slug", "DELETE", "/admin/workspaces/dev", { name: "dev", force_delete: true }, 400, "AB01"],
    [
      "a short transition",
      "POST",
      `/api-keys/${productionKey}/rotate`,
      { key_transition_period_ms: 1_799_999 },
      400,
      "AB01",
    ],
    [
      "a short transition of a policy",
      "PUT",
      `/api-keys/${productionKey}`,
      { rotation_policy: { rotation_period: "weekly", key_transition_period_ms: 1000 } },
      400,
      "AB01",
    ],
    [
      "a rotation in two ways",
      "PUT",
      `/api-keys/${productionKey}`,
      { rotation_policy: { rotation_period: "weekly", next_rotation_at: "2027-01-01T00:00:00Z" } },
      400,
      "AB01",
    ],
    [
      "a reset in two ways",
      "PUT",
      `/api-keys/${productionKey}`,
      { usage_limits: { ...usage, periodic_reset: "weekly", periodic_reset_days: 3 } },
      400,
      "AB01",
    ],
    [
      "the same of a workspace",
      "PUT",
      "/admin/workspaces/dev",
      { usage_limits: [{ ...usage, periodic_reset: "weekly", periodic_reset_days: 3 }] },
      400,
      "AB01",
    ],
    ["a key of no workspace", "POST", "/api-keys/workspace/service", { ...key, workspace_id: undefined }, 400, "AB01"],
    ["a user's key of no user", "POST", "/api-keys/workspace/user", key, 400, "AB01"],
    [
      "a key with a config that is not there",
      "POST",
      "/api-keys/workspace/service",
      { ...key, defaults: { config_id: "none" } },
      404,
      "AB02",
    ],
    ["a policy for nothing", "POST", "/policies/usage-limits", { ...policy, conditions: [] }, 400, "AB01"],
    [
      "a reference for all and for some",
      "POST",
      "/secret-references",
      { ...reference, allow_all_workspaces: true, allowed_workspaces: ["dev"] },
      400,
      "AB01",
    ],
    [
      "a reference for a workspace that is not there",
      "POST",
      "/secret-references",
      { ...reference, allowed_workspaces: ["none"] },
      403,
      "AB03",
    ],
    [
      "a mapping to a secret that is not there",
      "PUT",
      "/integrations/openai-main",
      { secret_mappings: [{ target_field: "key", secret_reference_id: "none" }] },
      404,
      "AB08",
    ],
    [
      "two groups of a mapping",
      "POST",
      "/scim/workspaces",
      { workspace_id: "dev", role: "member", scim_group_id: "a", scim_group_name: "b" },
      400,
      "AB01",
    ],
    ["no group of a mapping", "POST", "/scim/workspaces", { workspace_id: "dev", role: "member" }, 400, "AB01"],
    [
      "a provider without access",
      "POST",
      "/providers",
      { name: "p", integration_id: "anthropic-main", workspace_id: "dev" },
      403,
      "AB03",
    ],
    ["a version that is not there", "GET", "/prompts/name-ideas?version=9", undefined, 404, "AB02"],
    [
      "access for a workspace that is not there",
      "PUT",
      "/integrations/openai-main/workspaces",
      { workspaces: [{ id: "none", enabled: true }] },
      403,
      "AB03",
    ],
    [
      "a capability that is not there",
      "PUT",
      "/mcp-integrations/issue-tracker/capabilities",
      { capabilities: [{ type: "tool", name: "none", enabled: true }] },
      404,
      "AB02",
    ],
    [
      "a taken slug of a default provider",
      "PUT",
      "/integrations/anthropic-main/workspaces",
      { workspaces: [{ id: "dev", enabled: true, default_provider_slug: "gemini-dev" }] },
      400,
      "AB01",
    ],
  ])("%s", async (_what, method, path, body, status, errorCode) => {
    const answer = await send(sandbox, method, path, { body });
    expect([answer.status, answer.body]).toEqual([
      status,
      { success: false, data: { message: expect.any(String), errorCode } },
    ]);
  });

  it("a key without scopes, by a web page", async () => {
    const { status, headers, body } = await send(sandbox, "POST", "/api-keys/workspace/service", {
      body: { ...key, scopes: [] },
    });
    expect([status, headers["content-type"], body]).toEqual([502, "text/html", expect.stringContaining("Bad gateway")]);
  });

  it("leaves everything as it was", async () => {
    const before = await ok(sandbox, "GET", "/integrations/openai-main/workspaces");
    await send(sandbox, "PUT", "/integrations/openai-main/workspaces", {
      body: {
        workspaces: [
          { id: "production", enabled: false },
          { id: "none", enabled: true },
        ],
        override_existing_workspace_access: true,
      },
    });
    expect(await ok(sandbox, "GET", "/integrations/openai-main/workspaces")).toEqual(before);
  });
});
