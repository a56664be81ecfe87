import { beforeAll, beforeEach, expect, it } from "vitest";
import { uuid } from "../../src/sandbox/state/ids.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { makeSandbox, ok, send } from "./setup.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await makeSandbox();
});
beforeEach(() => sandbox.reset());

const chloe = uuid("/admin/users:chloe@sandbox.example");

it("changes, adds and removes an integration's models", async () => {
  await ok(sandbox, "PUT", "/integrations/openai-main/models", {
    body: {
      models: [
        { slug: "gpt-4o", enabled: false },
        { slug: "mine", enabled: true, is_custom: true },
      ],
    },
  });
  await ok(sandbox, "DELETE", "/integrations/openai-main/models?slugs=o3-mini");
  const { total, models } = await ok(sandbox, "GET", "/integrations/openai-main/models");
  expect(total).toBe(3);
  expect(models.map((each: { slug: string; enabled: boolean }) => [each.slug, each.enabled])).toEqual([
    ["gpt-4o", false],
    ["gpt-4o-mini", true],
    ["mine", true],
  ]);
});

it("keeps each integration's list apart", async () => {
  await ok(sandbox, "PUT", "/integrations/openai-main/workspaces", {
    body: { workspaces: [{ id: uuid("/admin/workspaces:staging"), enabled: false }] },
  });
  const enabled = async (slug: string) =>
    (await ok(sandbox, "GET", `/integrations/${slug}/workspaces`)).workspaces.map(
      (each: { enabled: boolean }) => each.enabled,
    );
  expect([await enabled("openai-main"), await enabled("anthropic-main")]).toEqual([
    [false, false, true],
    [false, false, true],
  ]);
});

it("shows a server which of its integration's capabilities are off", async () => {
  await ok(sandbox, "PUT", "/mcp-integrations/issue-tracker/capabilities", {
    body: { capabilities: [{ type: "tool", name: "create_issue", enabled: false }] },
  });
  await ok(sandbox, "PUT", "/mcp-servers/issues-production/capabilities", {
    body: { capabilities: [{ type: "tool", name: "search_issues", enabled: false }] },
  });
  const { data } = await ok(sandbox, "GET", "/mcp-servers/issues-production/capabilities?type=tool");
  expect(
    data.map((each: Record<string, unknown>) => [each["name"], each["enabled"], each["integration_enabled"]]),
  ).toEqual([
    ["search_issues", false, true],
    ["create_issue", false, false],
  ]);
});

it("lets single users override a server's default", async () => {
  await ok(sandbox, "PUT", "/mcp-servers/issues-production/user-access", {
    body: { default_user_access: "deny", user_access: [{ user_id: chloe, enabled: true }] },
  });
  const { data, default_user_access } = await ok(sandbox, "GET", "/mcp-servers/issues-production/user-access");
  expect(default_user_access).toBe("deny");
  expect(
    data
      .filter((each: { enabled: boolean }) => each.enabled)
      .map((each: Record<string, unknown>) => [each["user_id"], each["has_override"]]),
  ).toEqual([[chloe, true]]);
});

it("ends one user's connection", async () => {
  const before = await ok(sandbox, "GET", "/mcp-servers/issues-production/connections");
  await ok(sandbox, "DELETE", `/mcp-servers/issues-production/connections?user_id=${before.data[0].user_id}`);
  const after = await ok(sandbox, "GET", "/mcp-servers/issues-production/connections");
  expect(after.data).toEqual(before.data.slice(1));
});

it("replaces a guardrail's map of servers, sets one entry, and clears it", async () => {
  const server = uuid("/mcp-servers:issues-dev");
  const path = "/guardrails/pg-no-pii/mcp-servers";
  const servers = async () =>
    (await ok(sandbox, "GET", path)).map((each: Record<string, unknown>) => [each["mcp_server_id"], each["run_on"]]);
  const replace = (mcp_servers: object) => ok(sandbox, "PUT", path, { body: { mcp_servers } });
  expect(await replace({ "issues-dev": {} })).toEqual({ changed: true, added: 1, updated: 0, removed: 0 });
  expect(await servers()).toEqual([[server, ["input", "output"]]]);
  const { map_id } = await ok(sandbox, "PUT", `${path}/${server}`, { body: { run_on: ["output"] } });
  expect(await servers()).toEqual([[server, ["output"]]]);
  expect((await ok(sandbox, "GET", path))[0].id).toBe(map_id);
  expect(await replace({ [server]: { run_on: ["output"] } })).toMatchObject({ changed: false });
  expect(await replace({})).toMatchObject({ changed: true, removed: 1 });
  expect(await servers()).toEqual([]);
  expect((await send(sandbox, "PUT", `${path}/none`, { body: {} })).status).toBe(404);
});

it("excludes a workspace from guardrails", async () => {
  const dev = uuid("/admin/workspaces:dev");
  await ok(sandbox, "PUT", "/workspace-exclusions/input-guardrails", {
    body: { organisation_id: "x", workspaces: [{ workspace_id: dev, excluded: true }] },
  });
  const excluded = async (side: string) =>
    (await ok(sandbox, "GET", `/workspace-exclusions/${side}-guardrails`)).data.filter(
      (each: { excluded: boolean }) => each.excluded,
    ).length;
  expect([await excluded("input"), await excluded("output")]).toEqual([1, 0]);
});

it("masks credentials and keeps them out of answers", async () => {
  const body = {
    name: "Bedrock",
    ai_provider_id: "bedrock",
    key: "sk-1",
    configurations: { aws_auth_type: "accessKey", aws_region: "eu-central-1", aws_secret_access_key: "very-secret" },
  };
  const { slug } = await ok(sandbox, "POST", "/integrations", { body });
  const shown = await ok(sandbox, "GET", `/integrations/${slug}`);
  expect(shown.configurations).toMatchObject({ aws_region: "eu-central-1", aws_secret_access_key: "***" });
  expect(JSON.stringify(shown)).not.toMatch(/sk-1|very-secret/);
  expect(JSON.stringify(await ok(sandbox, "GET", "/deployments/eu-gateway"))).not.toContain('"password":"sandbox"');
  expect((await ok(sandbox, "GET", "/deployments/eu-gateway?include_credentials=true")).credentials.password).toBe(
    "sandbox",
  );
});
