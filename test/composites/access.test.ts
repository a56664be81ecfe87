/**
 * The composites of people, workspaces and access: each step's failure is told, calling again does the rest, and a call
 * where everything is there changes nothing.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { failEachStep } from "./fail-each-step.ts";
import { startSandboxServer, type CallAnswer, type SandboxServer } from "./sandbox-server.ts";

type Json = Record<string, unknown>;

let server: SandboxServer;
beforeAll(async () => {
  server = await startSandboxServer({ keys: "both" });
});
beforeEach(() => {
  server.sandbox.reset();
  server.failAt(0);
  server.forget();
});
afterAll(() => server.close());

const rowsOf = async (tool: string, args: Json = {}) => {
  const { body } = await server.call(tool, args, { principal: "look" });
  return (body["data"] ?? body["workspaces"]) as Json[];
};
const userId = async (email: string) =>
  (await rowsOf("list_all_users")).find((user) => user["email"] === email)?.["id"] as string;
const writesOf = ({ body }: CallAnswer) =>
  (body["would_send"] as Json[]).map(({ method, url }) => `${method} ${new URL(String(url)).pathname.slice(3)}`);

/** The same call again, and a dry run of it, change nothing. */
async function expectSettled(tool: string, args: Json): Promise<void> {
  server.forget();
  const again = await server.call(tool, args);
  expect(again.body, again.text).toMatchObject({ action: "unchanged" });
  expect(server.writes()).toEqual([]);
  const dry = await server.call(tool, { ...args, dry_run: true });
  expect(dry.body).toMatchObject({ dry_run: true, action: "unchanged" });
}

describe("set_up_workspace", () => {
  const argsFor = async () => ({
    name: "Research",
    description: "New ideas",
    members: [
      { user_id: await userId("ben@sandbox.example"), role: "admin" },
      { user_id: await userId("eva@sandbox.example"), role: "member" },
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
          expect((await rowsOf("list_workspaces")).filter(({ name }) => name === "Research")).toHaveLength(1);
          await expectSettled("set_up_workspace", args);
        },
      },
      processed,
    );
    expect(steps).toBeGreaterThan(8);
  });
});

describe("grant_integration", () => {
  const args = { integration_id: "anthropic-main", workspace_id: "staging", provider_slug: "anthropic-staging" };

  test("gives access and makes the provider, once", async () => {
    const { body, text } = await server.call("grant_integration", args);
    expect(body, text).toMatchObject({ action: "granted", access: "granted", provider: { slug: "anthropic-staging" } });
    expect((await rowsOf("list_providers", { workspace_id: "staging" })).map(({ slug }) => slug)).toContain(
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

describe("offboard_user", () => {
  const arrange = async () => {
    const user_id = await userId("chloe@sandbox.example");
    const key = { type: "workspace", sub_type: "user", name: "chloe's", scopes: ["logs.list"], user_id };
    await server.call("create_api_key", { ...key, workspace_id: "dev" });
    return { user_id };
  };

  test("ends keys, memberships and the account, and names what is owned", async () => {
    const args = await arrange();
    server.forget();
    const { body, text } = await server.call("offboard_user", args);
    expect(body, text).toMatchObject({
      action: "offboarded",
      user: { email: "chloe@sandbox.example" },
      ends: { api_keys: 1, memberships: 3, invitations: 0, account: true },
    });
    expect(server.writes().map(({ method, path }) => `${method} ${path.split("/")[1]}`)).toEqual([
      "DELETE api-keys",
      ...Array<string>(3).fill("DELETE admin"),
      "DELETE admin",
    ]);
    expect(await userId("chloe@sandbox.example")).toBeUndefined();
    await expectSettled("offboard_user", args);
  });

  test("by email, also of somebody who is only invited", async () => {
    const { body } = await server.call("offboard_user", { user_id: "finn@sandbox.example" });
    expect(body).toMatchObject({ action: "offboarded", ends: { invitations: 1, account: false } });
    await expectSettled("offboard_user", { user_id: "finn@sandbox.example" });
    const eva = await server.call("offboard_user", { user_id: "eva@sandbox.example", keep_account: true });
    expect(eva.body).toMatchObject({ ends: { memberships: 1, account: false } });
    expect(await userId("eva@sandbox.example")).toBeDefined();
  });

  test("an owner is refused, and nothing is changed", async () => {
    const { text, isError } = await server.call("offboard_user", { user_id: "name:Ada Berg" });
    expect(isError).toBe(true);
    expect(text).toContain("owns the organisation");
    expect(server.writes()).toEqual([]);
  });

  test("a dry run shows every request", async () => {
    const dry = await server.call("offboard_user", { ...(await arrange()), dry_run: true });
    expect(writesOf(dry)).toHaveLength(5);
  });

  test.each([false, true])("every step fails once, carried out: %s", { timeout: 60_000 }, async (processed) => {
    let args: Json = {};
    const steps = await failEachStep(
      {
        server,
        arrange: async () => (args = await arrange()),
        act: () => server.call("offboard_user", args),
        settled: async () => {
          expect(await userId("chloe@sandbox.example")).toBeUndefined();
          await expectSettled("offboard_user", args);
        },
      },
      processed,
    );
    expect(steps).toBeGreaterThan(10);
  });
});

describe("list_user_roles", () => {
  test("names each workspace and the role in it", async () => {
    const { body, text } = await server.call("list_user_roles", {});
    const ben = (body["data"] as Json[]).find(({ email }) => email === "ben@sandbox.example");
    expect(ben, text).toMatchObject({ name: "Ben Cole", role: "admin" });
    expect((ben?.["workspaces"] as Json[]).map(({ name, role }) => `${name} ${role}`).sort()).toEqual([
      "Production manager",
      "Staging admin",
    ]);
    expect(server.writes()).toEqual([]);
  });

  test("of one person reads that person's workspaces alone", async () => {
    const { body } = await server.call("list_user_roles", { user_id: "eva@sandbox.example" });
    expect(body).toMatchObject({ total: 1, data: [{ workspaces: [{ name: "Dev", role: "member" }] }] });
    expect(server.sent.filter(({ path }) => /\/users\?/.test(path) && path.includes("workspaces"))).toHaveLength(1);
  });

  test("says which workspace could not be read", async () => {
    const policy = { tools: ["!list_workspace_members"] };
    const { body, isError } = await server.call("list_user_roles", {}, { policy });
    expect(isError).toBe(false);
    expect(body["unread"]).toHaveLength(3);
  });
});

describe("rotate_key", () => {
  const arrange = async () => {
    const key = (await rowsOf("list_api_keys", { workspace_id: "production" })).find(
      ({ name }) => name === "support-bot",
    );
    return { api_key_id: key?.["id"] };
  };

  test("rotates once, then says how far the transition is", async () => {
    const args = await arrange();
    const { body, text } = await server.call("rotate_key", args);
    expect(body, text).toMatchObject({
      action: "rotated",
      key: expect.stringMatching(/^pk-sandbox-/),
      old_secret_works_until: expect.any(String),
      next: { tool: "rotate_key" },
    });
    server.forget();
    const again = await server.call("rotate_key", args);
    expect(again.body).toMatchObject({
      action: "unchanged",
      transition: "under way: both secrets work",
      requests_since: expect.any(Number),
    });
    expect(server.writes()).toEqual([]);
    expect((await server.call("rotate_key", { ...args, again: true })).body).toMatchObject({ action: "rotated" });
  });

  test("a dry run shows the request", async () => {
    const dry = await server.call("rotate_key", { ...(await arrange()), dry_run: true });
    expect(dry.body).toMatchObject({ dry_run: true, action: "rotate" });
    expect(writesOf(dry)[0]).toMatch(/^POST \/api-keys\/.*\/rotate$/);
  });

  test("without the audit log nothing is rotated unless told so", async () => {
    const args = await arrange();
    const policy = { tools: ["!list_audit_logs"] };
    const { text } = await server.call("rotate_key", args, { policy });
    expect(text).toContain("again: true rotates all the same");
    expect(server.writes()).toEqual([]);
    const told = await server.call("rotate_key", { ...args, again: true }, { policy });
    expect(told.body).toMatchObject({ action: "rotated" });
  });

  test.each([
    ["before Portkey has done anything", false],
    ["after Portkey has done it", true],
  ])("where a step fails %s, the next call ends with a secret or says how to get one", async (_, processed) => {
    const args = await arrange();
    const settled = async (answer: CallAnswer) => {
      if (answer.body["action"] === "unchanged") {
        // The secret was in the answer that was lost.
        expect(answer.body).toMatchObject({ note: expect.stringContaining("again: true makes another") });
        expect(processed).toBe(true);
      } else expect(answer.body).toMatchObject({ action: "rotated", key: expect.stringMatching(/^pk-sandbox-/) });
      await expectSettled("rotate_key", args);
      const another = await server.call("rotate_key", { ...args, again: true });
      expect(another.body).toMatchObject({ action: "rotated", key: expect.stringMatching(/^pk-sandbox-/) });
    };
    const steps = await failEachStep({ server, act: () => server.call("rotate_key", args), settled }, processed);
    expect(steps).toBe(3);
  });

  test("a rotation whose answer is lost says which call tells what became of it", async () => {
    const args = await arrange();
    server.forget();
    server.failAt(3, true);
    const { text, isError } = await server.call("rotate_key", args);
    expect(isError).toBe(true);
    expect(text).toContain("rotate_key, called again, says whether it was rotated");
  });
});

describe("create_workspace with roles", () => {
  test("adds members after the creation", async () => {
    const eva = await userId("eva@sandbox.example");
    const ben = await userId("ben@sandbox.example");
    const users = [eva, { id: ben, role: "manager" }];
    const { body, text } = await server.call("create_workspace", { name: "Roles", users });
    expect(body, text).toMatchObject({ name: "Roles", members_added: 1 });
    const members = await rowsOf("list_workspace_members", { workspace_id: body["id"] });
    expect(members.map(({ email, role }) => `${email} ${role}`).sort()).toEqual([
      "ben@sandbox.example manager",
      "eva@sandbox.example member",
    ]);
  });

  test("a failure of the second step says what is done, and which call does the rest", async () => {
    const ben = await userId("ben@sandbox.example");
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
