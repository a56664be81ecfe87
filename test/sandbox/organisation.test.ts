import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { uuid } from "../../src/sandbox/state/ids.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { makeSandbox, ok, send } from "./setup.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await makeSandbox();
});
beforeEach(() => sandbox.reset());

const eva = uuid("/admin/users:eva@sandbox.example");

describe("invites", () => {
  const invite = () =>
    ok(sandbox, "POST", "/admin/users/invites", {
      body: { email: "gil-roth@sandbox.example", role: "member", workspaces: [{ id: "staging", role: "manager" }] },
    });

  it("become a user and a member when the link is followed", async () => {
    const { id, invite_link } = await invite();
    expect((await ok(sandbox, "GET", "/admin/users/invites?status=pending")).total).toBe(2);
    await ok(sandbox, "GET", new URL(invite_link).pathname, { key: "" });
    expect((await ok(sandbox, "GET", `/admin/users/invites/${id}`)).status).toBe("accepted");
    const [user] = (await ok(sandbox, "GET", "/admin/users?email=gil-roth@sandbox.example")).data;
    expect(user).toMatchObject({ first_name: "Gil", last_name: "Roth", role: "member" });
    expect(await ok(sandbox, "GET", `/admin/workspaces/staging/users/${user.id}`)).toMatchObject({
      role: "manager",
      org_role: "member",
      email: "gil-roth@sandbox.example",
    });
  });

  it("can be sent again while pending, and are followed once", async () => {
    const { id, invite_link } = await invite();
    expect((await ok(sandbox, "POST", `/admin/users/invites/${id}/resend`)).inviteLink).toBe(invite_link);
    await ok(sandbox, "GET", new URL(invite_link).pathname);
    expect((await send(sandbox, "GET", new URL(invite_link).pathname)).status).toBe(404);
    expect((await send(sandbox, "POST", `/admin/users/invites/${id}/resend`)).status).toBe(400);
  });

  it("are not made for somebody who is there", async () => {
    const body = { email: "ada@sandbox.example", role: "member", workspaces: [] };
    expect(await send(sandbox, "POST", "/admin/users/invites", { body })).toMatchObject({
      status: 409,
      body: { data: { errorCode: "AB07" } },
    });
  });
});

describe("members", () => {
  it("are added, change their role, and leave", async () => {
    await ok(sandbox, "POST", "/admin/workspaces/production/users", { body: { users: [{ id: eva, role: "member" }] } });
    await ok(sandbox, "PUT", `/admin/workspaces/production/users/${eva}`, { body: { role: "manager" } });
    expect(await ok(sandbox, "GET", `/admin/workspaces/production/users/${eva}`)).toMatchObject({
      role: "manager",
      first_name: "Eva",
    });
    expect((await ok(sandbox, "GET", "/admin/workspaces/production")).users).toHaveLength(4);
    await ok(sandbox, "DELETE", `/admin/workspaces/production/users/${eva}`);
    expect((await ok(sandbox, "GET", "/admin/workspaces/production/users")).total).toBe(3);
  });

  it("leave every workspace with their user", async () => {
    await ok(sandbox, "DELETE", `/admin/users/${eva}`);
    expect(
      (await ok(sandbox, "GET", "/admin/workspaces/dev/users")).data.map((each: { id: string }) => each.id),
    ).not.toContain(eva);
    expect((await send(sandbox, "GET", `/admin/users/${eva}`)).status).toBe(404);
  });
});

describe("workspaces", () => {
  it("are not deleted while they hold something, unless forced", async () => {
    expect(await send(sandbox, "DELETE", "/admin/workspaces/dev", { body: { name: "Dev" } })).toMatchObject({
      status: 409,
      body: { data: { errorCode: "AB07" } },
    });
    expect(
      (await send(sandbox, "DELETE", "/admin/workspaces/dev", { body: { name: "Dev", force_delete: true } })).status,
    ).toBe(200);
    expect(await send(sandbox, "GET", "/admin/workspaces/dev")).toMatchObject({
      status: 403,
      body: { data: { errorCode: "AB03" } },
    });
    expect((await send(sandbox, "GET", "/prompts/name-ideas")).status).toBe(404);
    expect(
      (await ok(sandbox, "GET", "/admin/workspaces?status=archived")).data.map((each: { slug: string }) => each.slug),
    ).toEqual(["dev"]);
  });

  it("are deleted when empty, with an empty body", async () => {
    const { id } = await ok(sandbox, "POST", "/admin/workspaces", { body: { name: "Fresh", users: [eva] } });
    expect((await ok(sandbox, "GET", `/admin/workspaces/${id}`)).users.map((each: { id: string }) => each.id)).toEqual([
      eva,
    ]);
    expect(await send(sandbox, "DELETE", `/admin/workspaces/${id}`, { body: { name: "Fresh" } })).toMatchObject({
      status: 200,
      body: "",
    });
  });

  it("are not deleted under a wrong name", async () => {
    expect(
      (await send(sandbox, "DELETE", "/admin/workspaces/dev", { body: { name: "Production", force_delete: true } }))
        .status,
    ).toBe(400);
  });
});

describe("a workspace key", () => {
  it.each([
    ["another workspace", "/admin/workspaces/dev"],
    ["another workspace's prompt", "/prompts/name-ideas"],
    ["another workspace's list", "/prompts?workspace_id=dev"],
    [
      "another workspace's figures",
      "/analytics/graphs/cost?workspace_slug=dev&time_of_generation_min=2026-11-01&time_of_generation_max=2026-11-30",
    ],
  ])("does not reach %s", async (_what, path) => {
    expect(await send(sandbox, "GET", path, { key: sandbox.keys.workspace })).toMatchObject({
      status: 403,
      body: { data: { errorCode: "AB03" } },
    });
  });

  it("sees its own workspace and what belongs to the organisation", async () => {
    const slugs = async (path: string) =>
      (await ok(sandbox, "GET", path, { key: sandbox.keys.workspace })).data.map((each: { slug: string }) => each.slug);
    expect(await slugs("/admin/workspaces")).toEqual(["production"]);
    expect(await slugs("/integrations")).toEqual(["anthropic-main", "openai-main"]);
  });
});

it("keeps null where null was sent", async () => {
  await ok(sandbox, "PUT", "/admin/workspaces/production", { body: { description: null } });
  expect((await ok(sandbox, "GET", "/admin/workspaces/production")).description).toBeNull();
});

it("writes down every change, and no secret", async () => {
  await ok(sandbox, "POST", "/integrations", {
    body: { name: "Mine", ai_provider_id: "openai", key: "sk-very-secret" },
  });
  await send(sandbox, "DELETE", "/prompts/not-there");
  const { records, total } = await ok(
    sandbox,
    "GET",
    "/audit-logs?start_time=2026-11-01&end_time=2026-12-01&organisation_id=x",
  );
  expect(total).toBe(2);
  expect(
    records.map((each: Record<string, unknown>) => [
      each["method"],
      each["uri"],
      each["resource_type"],
      each["action"],
      each["response_status_code"],
    ]),
  ).toEqual([
    ["DELETE", "/v1/prompts/not-there", "prompts", "delete", 404],
    ["POST", "/v1/integrations", "integrations", "create", 200],
  ]);
  expect(JSON.stringify(records)).not.toContain("sk-very-secret");
  expect(
    (await ok(sandbox, "GET", "/audit-logs?start_time=2026-11-01&end_time=2026-12-01&organisation_id=x&method=POST"))
      .total,
  ).toBe(1);
});
