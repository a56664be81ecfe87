/**
 * With a workspace key and an admin key a caller can do all that it can with the admin key alone: in the workspace
 * key's own workspace (production), in another (dev), and for the organisation. Nothing here names a key.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { loadCatalogue } from "../main-catalogue.ts";
import type { ToolRecord } from "../../src/catalog/record.ts";
import { findList } from "../../src/portkey/response/lists.ts";
import { startSandboxServer, type CallAnswer, type SandboxServer } from "./sandbox-server.ts";

type Json = Record<string, unknown>;

const { records } = loadCatalogue();
let both: SandboxServer;
let admin: SandboxServer;
beforeAll(async () => {
  [both, admin] = await Promise.all([startSandboxServer({ keys: "both" }), startSandboxServer({ keys: "admin" })]);
});
beforeEach(() => {
  both.sandbox.reset();
  admin.sandbox.reset();
});
afterAll(async () => void (await Promise.all([both.close(), admin.close()])));

async function done(server: SandboxServer, tool: string, args: Json): Promise<CallAnswer> {
  const answer = await server.call(tool, args);
  expect(answer.isError, `${tool} ${JSON.stringify(args)}: ${answer.text}`).toBe(false);
  return answer;
}

const rows = ({ body }: CallAnswer) => (findList("value" in body ? body["value"] : body)?.items ?? []) as Json[];
const idOf = (row: Json | undefined) => String(row?.["id"] ?? row?.["slug"]);
const kindOf = ({ meta }: CallAnswer) => meta["portkey/key"];

/** Lists that take a workspace, and for each the tools that read one of its items. */
const lists = records.filter(
  ({ method, path, arguments: known, base }) =>
    method === "GET" && base === "control" && !path?.includes("{") && known.some(({ name }) => name === "workspace_id"),
);
const readersOf = ({ path }: ToolRecord) =>
  records.filter(
    (record) => record.method === "GET" && record.path?.replace(/\/\{\w+\}$/, "") === path && record.path !== path,
  );

describe.each(["production", "dev"])("reading %s", (workspace_id) => {
  test.each(lists.map((record) => [record.name, record] as const))(
    "%s and what it lists is as with the admin key",
    async (name, record) => {
      const [one, other] = [await both.call(name, { workspace_id }), await admin.call(name, { workspace_id })];
      expect(one.isError, one.text).toBe(other.isError);
      expect(rows(one).map(idOf)).toEqual(rows(other).map(idOf));
      const first = rows(one)[0];
      if (first === undefined) return;
      for (const reader of readersOf(record)) {
        const argument = reader.arguments.find(({ place }) => place === "path")?.name as string;
        const id = idOf(reader.path?.endsWith("{slug}") ? { id: first["slug"] ?? first["id"] } : first);
        await done(both, reader.name, { [argument]: id });
      }
    },
  );
});

const CONDITIONS = [{ key: "workspace_id", value: "production" }];
const FEEDBACK = { feedback: { value: 1, weight: 1, metadata: "" } };

/** Made in a workspace, changed, and deleted by what the creation answered. */
const OBJECTS: readonly (readonly [string, string, Json, Json])[] = [
  ["collection", "collection_id", { name: "made" }, { name: "changed" }],
  ["config", "slug", { name: "made", config: { provider: "@gemini-dev" } }, { name: "changed" }],
  [
    "guardrail",
    "guardrail_id",
    {
      name: "made",
      checks: [{ id: "default.wordCount", parameters: { minWords: 1 } }],
      actions: { deny: true, async: false, on_success: FEEDBACK, on_fail: FEEDBACK },
    },
    { name: "changed" },
  ],
  ["prompt_partial", "prompt_partial_id", { name: "made", string: "text" }, { name: "changed" }],
  ["prompt_label", "label_id", { name: "made" }, { name: "changed" }],
  [
    "usage_limit",
    "policy_usage_limits_id",
    { name: "made", conditions: CONDITIONS, group_by: [{ key: "api_key" }], type: "cost", credit_limit: 1 },
    { name: "changed" },
  ],
  [
    "rate_limit",
    "rate_limits_policy_id",
    { name: "made", conditions: CONDITIONS, group_by: [{ key: "api_key" }], type: "requests", unit: "rpm", value: 1 },
    { name: "changed" },
  ],
  [
    "api_key",
    "id",
    { name: "made", type: "workspace", sub_type: "service", scopes: ["prompts.list"] },
    { name: "changed" },
  ],
  ["mcp_server", "mcp_server_id", { name: "made", mcp_integration_id: "issue-tracker" }, { name: "changed" }],
];

describe.each(["production", "dev"])("writing in %s", (workspace_id) => {
  test.each(OBJECTS)("%s", async (what, argument, fields, changes) => {
    const made = await done(both, `create_${what}`, { ...fields, workspace_id });
    const data = (made.body["data"] ?? made.body) as Json;
    const listTool = lists.find(
      ({ path }) => path === records.find(({ name }) => name === `create_${what}`)?.path?.replace(/\/\{.*$/, ""),
    );
    const listed = rows(await done(both, String(listTool?.name), { workspace_id })).find(({ name }) => name === "made");
    const id = argument === "slug" ? String(listed?.["slug"]) : idOf(data);
    await done(both, `update_${what}`, { [argument]: id, ...changes });
    const deleted = await done(both, `delete_${what}`, { [argument]: id });
    expect(kindOf(deleted)).toBe(workspace_id === "dev" ? "admin" : "workspace");
  });

  test("a prompt, its versions and its publication", async () => {
    const collections = rows(await done(both, "list_collections", { workspace_id }));
    const key = workspace_id === "dev" ? "openai-dev-vk" : "openai-production-vk";
    const made = await done(both, "create_prompt", {
      name: "made",
      collection_id: idOf(collections[0]),
      string: "{{x}}",
      parameters: {},
      virtual_key: key,
      model: "gpt-4o",
    });
    const prompt_id = idOf(made.body);
    await done(both, "update_prompt", { prompt_id, string: "{{x}} and {{y}}", patch: true });
    await done(both, "publish_prompt", { prompt_id, version: 2 });
    expect((await done(both, "get_prompt", { prompt_id })).body).toMatchObject({ prompt_version: 2 });
  });

  test("members of a workspace are added, changed and removed", async () => {
    const user = rows(await done(both, "list_all_users", {})).find(({ email }) => email === "ada@sandbox.example");
    await done(both, "add_workspace_member", { workspace_id, users: [{ id: user?.["id"], role: "member" }] });
    await done(both, "update_workspace_member", { workspace_id, user_id: user?.["id"], role: "manager" });
    await done(both, "remove_workspace_member", { workspace_id, user_id: user?.["id"] });
  });
});

describe("the organisation", () => {
  test("every workspace is listed, and nothing says otherwise", async () => {
    const answer = await done(both, "list_workspaces", {});
    expect(rows(answer)).toHaveLength(3);
    expect(answer.beside).toBe("");
  });

  test("has workspaces made, changed, filled and deleted", async () => {
    const id = idOf((await done(both, "create_workspace", { name: "Fresh" })).body);
    await done(both, "update_workspace", { workspace_id: id, description: "d" });
    await done(both, "create_collection", { name: "c", workspace_id: id });
    await done(both, "delete_workspace", { workspace_id: id, name: "Fresh", force_delete: true });
  });

  test("has keys made, rotated and deleted", async () => {
    const made = await done(both, "create_api_key", {
      type: "organisation",
      sub_type: "service",
      name: "org",
      scopes: ["workspaces.list"],
    });
    await done(both, "rotate_api_key", { id: idOf(made.body) });
    await done(both, "delete_api_key", { id: idOf(made.body) });
  });

  test("has integrations made that every workspace can be given", async () => {
    const made = await done(both, "create_integration", { name: "Shared", ai_provider_id: "openai", key: "sk-1" });
    expect(made.beside).toContain("belongs to the organisation");
    const listed = rows(await done(both, "list_integrations", { type: "organisation" }));
    expect(listed.map(({ name }) => name)).toContain("Shared");
    const own = await done(both, "create_integration", {
      name: "Own",
      ai_provider_id: "openai",
      key: "sk-1",
      workspace_id: "production",
    });
    expect(kindOf(own)).toBe("workspace");
  });
});

describe("composites go step by step", () => {
  test.each([
    ["export_workspace", { workspace_id: "dev" }],
    ["diff_workspaces", { source: "production", target: "dev" }],
    [
      "promote_config",
      { slug: "pc-cache", target_workspace_id: "dev", mapping: { "openai-production": "gemini-dev" } },
    ],
    ["find_unused_keys", { workspace_slug: "dev" }],
    ["explain_cost", { workspace_slug: "dev" }],
    [
      "promote_prompt",
      {
        source_prompt_id: "support-reply-production",
        target_collection_id: "experiments",
        target_env: "dev",
        virtual_key: "openai-dev-vk",
        workspace_id: "dev",
      },
    ],
  ])("%s", async (tool, args) => {
    const [one, other] = [await done(both, tool, args), await admin.call(tool, args)];
    expect(other.isError, other.text).toBe(false);
    const { exported_at: _at, from: _from, to: _to, ...mine } = one.body;
    const { exported_at: _theirAt, from: _theirFrom, to: _theirTo, ...theirs } = other.body;
    if (tool.startsWith("promote")) expect(mine["action"]).toBe(theirs["action"]);
    else if (tool !== "explain_cost") expect(mine).toEqual(theirs);
  });
});

test("a composite that took both kinds says so", async () => {
  const answer = await done(both, "diff_workspaces", { source: "production", target: "dev" });
  expect(kindOf(answer)).toBe("admin,workspace");
});

describe("what is said of the key", () => {
  test("a list that the key narrowed says so, and how to see the rest", async () => {
    const answer = await done(both, "list_api_keys", {});
    expect(answer.beside).toBe(
      "Note: The workspace key was used, and this key sees only its own workspace (production); key: " +
        '"admin" lists those of every workspace.',
    );
    expect((await done(both, "list_workspaces", { key: "workspace" })).beside).toContain("own workspace (production)");
    expect(rows(await done(both, "list_api_keys", { key: "admin" })).length).toBeGreaterThan(rows(answer).length);
    expect(rows(await done(both, "list_api_keys", { more: { key: "admin" } })).length).toBeGreaterThan(
      rows(answer).length,
    );
    expect((await done(both, "list_api_keys", { workspace_id: "production" })).beside).toBe("");
  });

  test("a list says which filter it has of itself", async () => {
    const said = 'Only those with status "active" are listed, its default.';
    expect((await done(both, "list_usage_limits", { workspace_id: "production" })).beside).toContain(said);
    const archived = await done(both, "list_usage_limits", { workspace_id: "production", status: "archived" });
    expect(archived.beside).toBe("");
  });

  test("a refusal in the own workspace is not tried with the other key, and says what can be done", async () => {
    both.forget();
    const fresh = { principal: "fresh" };
    const refused = await both.call("get_prompt", { prompt_id: "name-ideas" }, fresh);
    expect(refused.text).toContain('key: "admin" asks for it');
    expect(refused.meta["portkey/key"]).toBe("workspace");
    expect(both.sent).toHaveLength(1);
    expect((await both.call("get_prompt", { prompt_id: "name-ideas", key: "admin" }, fresh)).isError).toBe(false);
    expect(kindOf(await both.call("list_prompt_versions", { prompt_id: "name-ideas" }, fresh))).toBe("admin");
  });

  test("pages go on with the key that was asked for", async () => {
    const { body } = await done(both, "list_prompts", { key: "admin", page_size: 1 });
    expect(body["next"]).toMatchObject({ key: "admin", current_page: 1 });
    expect(rows(await done(both, "list_prompts", { key: "admin", page_size: 1, all_pages: true }))).toHaveLength(4);
  });

  test("a dry run names the key, and warns where it cannot reach what is named", async () => {
    const other = await done(both, "create_config", { name: "x", config: {}, workspace_id: "dev", dry_run: true });
    expect((other.body["would_send"] as Json[])[0]).toMatchObject({
      key: "admin",
      key_because: "the call names a workspace other than the workspace key's own",
    });
    const asked = await done(both, "create_config", {
      name: "x",
      config: {},
      workspace_id: "dev",
      dry_run: true,
      key: "workspace",
    });
    expect(asked.beside).toContain("not dev: Portkey will refuse this");
    expect(both.writes()).toEqual([]);
  });

  test("where a secret is called key, portkey_key asks, and a kind is not stored as the secret", async () => {
    const refused = await both.call("update_integration", { slug: "openai-main", key: "admin" });
    expect(refused.text).toContain("pass portkey_key");
    await done(both, "update_integration", { slug: "openai-main", key: "sk-2", portkey_key: "admin" });
    expect((await both.call("list_prompts", { portkey_key: "admin" })).meta["portkey/key"]).toBe("admin");
    expect((await both.call("list_prompts", { portkey_key: "admin", key: "workspace" })).text).toContain(
      "give one of them",
    );
    const kept = both.sandbox.requests.find(({ method }) => method === "PUT");
    expect(kept?.body).toEqual({ key: "sk-2" });
  });

  test("a tool that takes one kind says so", async () => {
    expect((await both.call("list_all_users", { key: "workspace" })).text).toContain("this tool takes the admin key");
    await done(both, "list_all_users", { key: "admin" });
  });
});

describe("the admin key can be kept from tools", () => {
  const policy = { adminKeyFor: ["users", "read"] };

  test.each([
    ["list_all_users", {}, true],
    [
      "invite_user",
      { email: "new@sandbox.example", role: "member", workspaces: [{ id: "dev", role: "member" }] },
      true,
    ],
    ["list_prompts", { workspace_id: "dev" }, true],
    ["create_collection", { name: "c", workspace_id: "dev" }, false],
    ["create_collection", { name: "c", workspace_id: "production" }, true],
    ["create_collection", { name: "c", key: "admin" }, false],
    ["create_workspace", { name: "w" }, false],
    ["create_integration", { name: "i", ai_provider_id: "openai", key: "sk" }, false],
    ["create_integration", { name: "i", ai_provider_id: "openai", key: "sk", portkey_key: "workspace" }, true],
  ])("%s %j is allowed: %s", async (tool, args, allowed) => {
    both.forget();
    const answer = await both.call(tool, args, { policy });
    expect(answer.isError, answer.text).toBe(!allowed);
    if (allowed) return;
    expect(answer.text).toContain("PORTKEY_ADMIN_KEY_FOR allows that key only for users, read");
    expect(answer.meta["portkey/setting"]).toBe("PORTKEY_ADMIN_KEY_FOR");
    expect(both.writes()).toEqual([]);
  });

  test("a refusal does not offer what is not allowed", async () => {
    const { text } = await both.call(
      "get_prompt",
      { prompt_id: "name-ideas" },
      { principal: "another", policy: { adminKeyFor: ["users"] } },
    );
    expect(text).toContain("An admin key is configured, but PORTKEY_ADMIN_KEY_FOR allows it only for users.");
  });
});

test("one caller's ids say nothing to another", async () => {
  await done(both, "list_prompts", { workspace_id: "dev" });
  const other = await both.call("get_prompt", { prompt_id: "name-ideas" }, { principal: "somebody else" });
  expect(other.meta["portkey/key"]).toBe("workspace");
});
