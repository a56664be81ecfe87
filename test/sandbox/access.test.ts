/**
 * Who may use an integration, what a workspace key sees, and what belongs to the organisation.
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

const idOf = (kind: string, slug: string) => uuid(`${kind}:${slug}`);

describe("access to an integration", () => {
  const slugs = async () =>
    (await ok(sandbox, "GET", "/providers?workspace_id=dev")).data.map((each: { slug: string }) => each.slug);
  const entries = async () =>
    (await ok(sandbox, "GET", "/integrations/anthropic-main/workspaces")).workspaces as {
      id: string;
      enabled: boolean;
    }[];
  const grant = (item: object, more: object = {}) =>
    ok(sandbox, "PUT", "/integrations/anthropic-main/workspaces", {
      body: { workspaces: [{ id: "dev", enabled: true, ...item }], ...more },
    });

  it.each([
    ["id", idOf("/admin/workspaces", "dev")],
    ["slug", "dev"],
  ])("by %s changes the one entry", async (_by, id) => {
    const before = await entries();
    await grant({ id });
    const after = await entries();
    expect(after.map((each) => each.id)).toEqual(before.map((each) => each.id));
    expect(after.find((each) => each.id === "dev")?.enabled).toBe(true);
  });

  it("makes a default provider once, under the slug that was asked for", async () => {
    await grant({ default_provider_slug: "claude" });
    expect(await slugs()).toEqual(["claude", "gemini-dev"]);
    await grant({});
    expect(await slugs()).toEqual(["claude", "gemini-dev"]);
  });

  it.each([
    ["for all", {}, { create_default_provider: false }],
    ["for one", { create_default_provider: false }, { create_default_provider: true }],
  ])("makes none where it is told not to, %s", async (_which, item, more) => {
    await grant(item, more);
    expect(await slugs()).toEqual(["gemini-dev"]);
    await ok(sandbox, "POST", "/providers", {
      body: { name: "p", integration_id: "anthropic-main", workspace_id: "dev" },
    });
  });

  it("given to every workspace reaches those to come", async () => {
    await ok(sandbox, "PUT", "/integrations/anthropic-main/workspaces", {
      body: { global_workspace_access: { enabled: true }, create_default_provider: false },
    });
    const { id, slug } = await ok(sandbox, "POST", "/admin/workspaces", { body: { name: "Later" } });
    expect((await entries()).find((each) => each.id === slug)?.enabled).toBe(true);
    await ok(sandbox, "POST", "/providers", {
      body: { name: "p", integration_id: "anthropic-main", workspace_id: id },
    });
  });

  it("is a workspace's own where the integration is", async () => {
    const { slug } = await ok(sandbox, "POST", "/integrations", {
      body: { name: "Mine", ai_provider_id: "openai", key: "k", workspace_id: "dev" },
    });
    expect(await ok(sandbox, "GET", `/integrations/${slug}`)).toMatchObject({
      type: "workspace",
      workspace_id: idOf("/admin/workspaces", "dev"),
      allow_all_models: true,
    });
    expect((await slugs())[0]).toMatch(/^mine/);
  });
});

it("marks what belongs to the organisation in a workspace's list", async () => {
  const { data } = await ok(sandbox, "GET", "/guardrails?workspace_id=production");
  const homes = Object.fromEntries(
    data.map((each: { slug: string; workspace_id: string | null }) => [each.slug, each.workspace_id]),
  ) as object;
  expect(homes).toEqual({ "pg-no-pii": idOf("/admin/workspaces", "production"), "pg-short-answers": null });
});

it("shows a workspace key its own workspace's access alone", async () => {
  const path = "/integrations/openai-main/workspaces";
  const asWorkspace = { key: sandbox.keys.workspace };
  expect((await ok(sandbox, "GET", path, asWorkspace)).workspaces.map((each: { id: string }) => each.id)).toEqual([
    "production",
  ]);
  const body = { workspaces: [{ id: "staging", enabled: false }] };
  expect((await send(sandbox, "PUT", path, { ...asWorkspace, body })).body.data.errorCode).toBe("AB03");
});
