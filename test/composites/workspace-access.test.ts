/**
 * Workspaces and what may be used in them: each step's failure is told, calling again does the rest, and a call where
 * everything is there changes nothing.
 */
import { describe, expect, test } from "vitest";
import { failEachStep } from "./fail-each-step.ts";
import {
  expectSettled,
  type Json,
  listRows,
  server,
  useSandboxWithBothKeys,
  findUserId,
  writesOf,
} from "./both-keys.ts";

useSandboxWithBothKeys();

describe("set_up_workspace", () => {
  const argsFor = async () => ({
    name: "Research",
    description: "New ideas",
    members: [
      { user_id: await findUserId("ben@sandbox.example"), role: "admin" },
      { user_id: await findUserId("eva@sandbox.example"), role: "member" },
    ],
    integrations: ["openai-main"],
    usage_limits: [{ type: "cost", credit_limit: 100 }],
    api_key: { name: "research-service", scopes: ["completions.write"] },
  });

  test("makes all of it, shows the key's secret, and repeats nothing", async () => {
    const args = await argsFor();
    const { body, text, isError } = await server.call("set_up_workspace", args);
    expect(isError, text).toBe(false);
    expect(body).toMatchObject({
      action: "created",
      members: { added: 2, role_changed: 0, were_so: 0 },
      integrations: [{ integration: "openai-main", access: "granted", provider: { was: "made" } }],
      api_key: { was: "made", key: expect.stringMatching(/^pk-sandbox-/) },
    });
    expect(server.writes().map(({ method, path }) => `${method} ${path.split("/").slice(0, 3).join("/")}`)).toEqual([
      "POST /admin/workspaces",
      "POST /admin/workspaces",
      "PUT /integrations/openai-main",
      "POST /providers",
      "POST /api-keys/workspace",
    ]);
    await expectSettled("set_up_workspace", args);
  });

  test("completes what is there, and changes a role and a limit", async () => {
    const args = await argsFor();
    await server.call("set_up_workspace", { name: "Research", members: [{ ...args.members[0], role: "member" }] });
    const { body } = await server.call("set_up_workspace", args);
    expect(body).toMatchObject({ action: "updated", members: { added: 1, role_changed: 1, were_so: 0 } });
    await expectSettled("set_up_workspace", args);
  });

  test("a dry run shows every request", async () => {
    const dry = await server.call("set_up_workspace", { ...(await argsFor()), dry_run: true });
    expect(dry.body).toMatchObject({ dry_run: true, action: "created" });
    expect(writesOf(dry)).toHaveLength(5);
    expect(server.writes()).toEqual([]);
  });

  test("takes names for ids", async () => {
    const members = [{ user_id: "name:Ben Cole", role: "admin" }];
    const args = { name: "Research", members, integrations: ["name:OpenAI"] };
    const { body, text } = await server.call("set_up_workspace", args);
    expect(body, text).toMatchObject({ action: "created", integrations: [{ integration: "openai-main" }] });
  });

  test.each([false, true])("every step fails once, carried out: %s", { timeout: 60_000 }, async (processed) => {
    const args = await argsFor();
    const steps = await failEachStep(
      {
        server,
        act: () => server.call("set_up_workspace", args),
        settled: async (answer) => {
          expect(["created", "updated", "unchanged"]).toContain(answer.body["action"]);
          expect((await listRows("list_workspaces")).filter(({ name }) => name === "Research")).toHaveLength(1);
          await expectSettled("set_up_workspace", args);
        },
      },
      processed,
    );
    expect(steps).toBeGreaterThan(8);
  });
});

describe("create_workspace with roles", () => {
  test("adds members after the creation", async () => {
    const eva = await findUserId("eva@sandbox.example");
    const ben = await findUserId("ben@sandbox.example");
    const users = [eva, { id: ben, role: "manager" }];
    const { body, text } = await server.call("create_workspace", { name: "Roles", users });
    expect(body, text).toMatchObject({ name: "Roles", members_added: 1 });
    const members = await listRows("list_workspace_members", { workspace_id: body["id"] });
    expect(members.map(({ email, role }) => `${email} ${role}`).sort()).toEqual([
      "ben@sandbox.example manager",
      "eva@sandbox.example member",
    ]);
  });

  test("a failure of the second step says what is done, and which call does the rest", async () => {
    const ben = await findUserId("ben@sandbox.example");
    server.forget();
    server.failAt(2);
    const { body, isError } = await server.call("create_workspace", {
      name: "Roles",
      users: [{ id: ben, role: "admin" }],
    });
    expect(isError).toBe(true);
    expect(body).toMatchObject({
      id: expect.any(String),
      action: "partial",
      done: [{ tool: "create_workspace", workspace_id: body["id"] }],
      failed: { tool: "add_workspace_member" },
      next: { tool: "add_workspace_member", arguments: { workspace_id: body["id"] } },
    });
    const { tool, arguments: rest } = body["next"] as { tool: string; arguments: Json };
    server.failAt(0);
    expect((await server.call(tool, rest)).isError).toBe(false);
  });

  test("a dry run shows both requests", async () => {
    const users = [{ id: "name:Ben Cole", role: "admin" }];
    const dry = await server.call("create_workspace", { name: "Roles", users, dry_run: true });
    expect(writesOf(dry)).toHaveLength(2);
  });
});
describe("grant_integration", () => {
  const args = { integration_id: "anthropic-main", workspace_id: "staging", provider_slug: "anthropic-staging" };

  test("gives access and makes the provider, once", async () => {
    const { body, text } = await server.call("grant_integration", args);
    expect(body, text).toMatchObject({ action: "granted", access: "granted", provider: { slug: "anthropic-staging" } });
    expect((await listRows("list_providers", { workspace_id: "staging" })).map(({ slug }) => slug)).toContain(
      "anthropic-staging",
    );
    await expectSettled("grant_integration", args);
  });

  test("finds a provider that is there, whatever it is called", async () => {
    const { body } = await server.call("grant_integration", {
      integration_id: "openai-main",
      workspace_id: "production",
    });
    expect(body).toMatchObject({ action: "unchanged", access: "was there", provider: { slug: "openai-production" } });
  });

  test("a dry run shows both requests", async () => {
    const dry = await server.call("grant_integration", { ...args, dry_run: true });
    expect(writesOf(dry)).toEqual(["PUT /integrations/anthropic-main/workspaces", "POST /providers"]);
    expect(server.writes()).toEqual([]);
  });

  test("limits of the access are set, and not set again", async () => {
    const limited = { ...args, usage_limits: [{ type: "cost", credit_limit: 50 }] };
    await server.call("grant_integration", args);
    expect((await server.call("grant_integration", limited)).body).toMatchObject({ access: "limits changed" });
    await expectSettled("grant_integration", limited);
  });

  test.each([false, true])("every step fails once, carried out: %s", { timeout: 60_000 }, async (processed) => {
    const act = () => server.call("grant_integration", args);
    const settled = () => expectSettled("grant_integration", args);
    expect(await failEachStep({ server, act, settled }, processed)).toBeGreaterThan(4);
  });

  test("keeps to the policy", async () => {
    const { text } = await server.call("grant_integration", args, { policy: { tools: ["!create_provider"] } });
    expect(text).toContain("create_provider");
    expect(server.writes().map(({ path }) => path)).not.toContain("/providers");
  });
});
