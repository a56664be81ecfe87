/** People: what they may do where, and how they leave. */
import { describe, expect, test } from "vitest";
import { failEachStep } from "./fail-each-step.ts";
import { expectSettled, type Json, server, useSandboxWithBothKeys, findUserId, writesOf } from "./both-keys.ts";

useSandboxWithBothKeys();

describe("offboard_user", () => {
  const arrange = async () => {
    const user_id = await findUserId("chloe@sandbox.example");
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
    expect(await findUserId("chloe@sandbox.example")).toBeUndefined();
    await expectSettled("offboard_user", args);
  });

  test("by email, also of somebody who is only invited", async () => {
    const { body } = await server.call("offboard_user", { user_id: "finn@sandbox.example" });
    expect(body).toMatchObject({ action: "offboarded", ends: { invitations: 1, account: false } });
    await expectSettled("offboard_user", { user_id: "finn@sandbox.example" });
    const eva = await server.call("offboard_user", { user_id: "eva@sandbox.example", keep_account: true });
    expect(eva.body).toMatchObject({ ends: { memberships: 1, account: false } });
    expect(await findUserId("eva@sandbox.example")).toBeDefined();
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
          expect(await findUserId("chloe@sandbox.example")).toBeUndefined();
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
