/** `name:Dev` instead of an id: looked up, said, and sent as the id, wherever a call holds one. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startSandboxServer, type SandboxServer } from "../../composites/sandbox-server.ts";

type Json = Record<string, unknown>;

let server: SandboxServer;
const ids = new Map<string, string>();
beforeAll(async () => {
  server = await startSandboxServer({ keys: "both" });
});
afterAll(() => server.close());
beforeEach(async () => {
  server.sandbox.reset();
  ids.clear();
  const lists: [string, Json][] = [
    ["list_workspaces", {}],
    ["list_all_users", {}],
    ["list_api_keys", { workspace_id: "production" }],
    ["list_collections", { workspace_id: "production" }],
    ["list_configs", { workspace_id: "production" }],
    ["list_guardrails", {}],
    ["list_integrations", {}],
  ];
  for (const [tool, args] of lists) {
    const { body } = await server.call(tool, args, { principal: "arrange" });
    for (const row of body["data"] as Json[]) ids.set(String(row["name"] ?? row["email"]), String(row["id"]));
  }
  server.forget();
});

const id = (name: string) => ids.get(name) ?? `no ${name}`;
const last = () => server.sent.at(-1);

test("a name that the caller's own write took away is nobody's at once", async () => {
  await server.call("get_workspace", { workspace_id: "name:Dev" });
  await server.call("update_workspace", { workspace_id: id("Dev"), name: "Lab" });
  const { isError, text } = await server.call("get_workspace", { workspace_id: "name:Dev" });
  expect([isError, text]).toEqual([true, expect.stringContaining('no workspace is called exactly "Dev"')]);
});

describe("an id by name", () => {
  const rows: [string, string, Json, (sent: ReturnType<typeof last>) => unknown, () => unknown][] = [
    [
      "in the path",
      "get_workspace",
      { workspace_id: "name:Dev" },
      (s) => s?.path,
      () => `/admin/workspaces/${id("Dev")}`,
    ],
    [
      "in more",
      "list_guardrails",
      { more: { workspace_id: "name:Production" } },
      (s) => s?.path,
      () => `/guardrails?workspace_id=${id("Production")}`,
    ],
    [
      "as text that is JSON",
      "list_guardrails",
      { more: '{"workspace_id":"name:Production"}' },
      (s) => s?.path,
      () => `/guardrails?workspace_id=${id("Production")}`,
    ],
    [
      "of a user, by full name",
      "get_user",
      { user_id: "name:Ben Cole" },
      (s) => s?.path,
      () => `/admin/users/${id("ben@sandbox.example")}`,
    ],
    [
      "of a user, by email",
      "get_user",
      { user_id: "name:ben@sandbox.example" },
      (s) => s?.path,
      () => `/admin/users/${id("ben@sandbox.example")}`,
    ],
    [
      "of a user, by an email where only an id is taken",
      "get_user",
      { user_id: "ben@sandbox.example" },
      (s) => s?.path,
      () => `/admin/users/${id("ben@sandbox.example")}`,
    ],
    [
      "of a key, in the workspace that the call names",
      "get_api_key",
      { id: "name:support-bot" },
      (s) => s?.path,
      () => `/api-keys/${id("support-bot")}`,
    ],
    [
      "by slug, where the slug goes",
      "get_config",
      { slug: "name:Cache for an hour" },
      (s) => s?.path,
      () => "/configs/pc-cache",
    ],
    [
      "in a list with roles",
      "add_workspace_member",
      { workspace_id: "name:Dev", users: [{ id: "name:Ada Berg", role: "member" }] },
      (s) => [s?.path, s?.body],
      () => [`/admin/workspaces/${id("Dev")}/users`, { users: [{ id: id("ada@sandbox.example"), role: "member" }] }],
    ],
    [
      "in a condition's value",
      "create_usage_limit",
      {
        name: "x",
        workspace_id: "production",
        conditions: [
          { key: "workspace_id", value: ["name:Dev", "staging"] },
          { key: "metadata.x", value: "name:Dev" },
        ],
        group_by: [{ key: "api_key" }],
        type: "cost",
        credit_limit: 5,
      },
      (s) => (s?.body as Json)["conditions"],
      () => [
        { key: "workspace_id", value: [id("Dev"), "staging"] },
        { key: "metadata.x", value: "name:Dev" },
      ],
    ],
    [
      "in a list divided by commas",
      "get_request_analytics",
      {
        workspace_slug: "name:Production",
        api_key_ids: "name:support-bot, name:nightly-batch",
        time_of_generation_min: "2026-11-01T00:00:00Z",
        time_of_generation_max: "2026-11-02T00:00:00Z",
      },
      (s) => new URL(`http://x${s?.path}`).searchParams.get("api_key_ids"),
      () => `${id("support-bot")},${id("nightly-batch")}`,
    ],
    [
      "of a workspace, where workspaces go by slug",
      "update_integration_workspaces",
      { slug: "name:OpenAI", workspaces: [{ id: "name:Staging", enabled: true }] },
      (s) => [s?.path, (s?.body as Json)["workspaces"]],
      () => ["/integrations/openai-main/workspaces", [{ id: "staging", enabled: true }]],
    ],
  ];
  test.each(rows)("%s", async (_where, tool, args, shown, want) => {
    const answer = await server.call(tool, args);
    expect(shown(last()), answer.text).toEqual(want());
    expect(answer.isError, answer.text).toBe(false);
    expect(JSON.stringify(answer.meta["portkey/notes"])).toMatch(/is \\"/);
  });

  test("in a dry run shows the id, and only reads", async () => {
    const { body, beside } = await server.call("delete_api_key", { id: "name:support-bot", dry_run: true });
    expect((body["would_send"] as Json)["url"]).toMatch(new RegExp(`/api-keys/${id("support-bot")}$`));
    expect(beside).toContain(`"name:support-bot" is "support-bot" (${id("support-bot")}`);
    expect(server.writes()).toEqual([]);
  });

  test("in a composite's arguments", async () => {
    const { body, isError, text } = await server.call("find_unused_keys", { workspace_slug: "name:Production" });
    expect(isError, text).toBe(false);
    expect(body["workspace_slug"]).toBe("production");
    const compared = await server.call("diff_workspaces", { source: "name:Dev", target: "name:Staging" });
    expect(compared.body).toMatchObject({ source: id("Dev"), target: id("Staging") });
  });

  test("that is on a later page is found", async () => {
    for (let count = 0; count < 120; count += 1)
      await server.call("create_collection", { name: `many-${count}`, workspace_id: "production" });
    const answer = await server.call("get_collection", { collection_id: "name:many-3" });
    expect(answer.body["name"], answer.text).toBe("many-3");
  });

  test("made a moment ago is found, though the list was kept before", async () => {
    await server.call("get_collection", { collection_id: "name:Support dev" });
    await server.call("create_collection", { name: "fresh" }, { principal: "somebody else" });
    expect((await server.call("get_collection", { collection_id: "name:fresh" })).body["name"]).toBe("fresh");
  });

  test("several of one kind take one list, and the next call none", async () => {
    const users = ["Ada Berg", "Dev Patel"].map((name) => ({ id: `name:${name}`, role: "member" }));
    await server.call("add_workspace_member", { workspace_id: "dev", users, dry_run: true });
    const lists = () => server.sent.filter(({ path }) => path.startsWith("/admin/users?")).length;
    expect(lists()).toBe(1);
    const principal = "one who reads";
    await server.call("get_user", { user_id: "name:Ada Berg" }, { principal });
    await server.call("get_user", { user_id: "name:Ben Cole" }, { principal });
    expect(lists()).toBe(2);
    await server.call("get_user", { user_id: "name:Ada Berg" }, { principal: "somebody else" });
    expect(lists()).toBe(3);
  });

  test("of a write is looked up afresh: what is kept may be somebody else's by now", async () => {
    const principal = "one who writes";
    await server.call("get_workspace", { workspace_id: "name:Dev" }, { principal });
    const other = { principal: "somebody else" };
    await server.call("update_workspace", { workspace_id: "dev", name: "Old" }, other);
    await server.call("update_workspace", { workspace_id: "staging", name: "Dev" }, other);
    await server.call("update_workspace", { workspace_id: "name:Dev", description: "x" }, { principal });
    expect(server.writes().at(-1)?.path).toBe(`/admin/workspaces/${id("Staging")}`);
  });
});

describe("nothing is sent, and what fits is listed", () => {
  test("where none is called so", async () => {
    const { text, isError } = await server.call("delete_workspace", { workspace_id: "name:Devv", name: "Devv" });
    expect(isError).toBe(true);
    expect(text).toContain('workspace_id: no workspace is called exactly "Devv". The nearest: "Dev" (');
    expect(server.writes()).toEqual([]);
  });

  test("where several are", async () => {
    await server.call("create_collection", { name: "Support dev", workspace_id: "production" });
    server.forget();
    const { text } = await server.call("delete_collection", { collection_id: "name:Support dev" });
    expect(text).toMatch(/2 collections are called "Support dev": "Support dev" \(.*"Support dev" \(/);
    expect(server.writes()).toEqual([]);
  });

  test("every name that fails is told at once", async () => {
    const { text } = await server.call("add_workspace_member", {
      workspace_id: "name:Nowhere",
      users: [{ id: "name:Nobody", role: "member" }],
    });
    expect(text).toMatch(
      /no workspace is called exactly "Nowhere"\. None of the \d+ that are listed has a name like it/,
    );
    expect(text).toContain('no user is called exactly "Nobody"');
  });
});

describe("nothing else is rewritten", () => {
  test.each([
    ["a prompt's text", "create_collection", { name: "name:Dev", workspace_id: "production" }, { name: "name:Dev" }],
    [
      "metadata",
      "create_api_key",
      {
        name: "k",
        type: "workspace",
        sub_type: "service",
        workspace_id: "production",
        scopes: ["logs.list"],
        defaults: { metadata: { workspace_id: "name:Dev", user_id: "name:x" } },
      },
      { defaults: { metadata: { workspace_id: "name:Dev", user_id: "name:x" } } },
    ],
  ] as [string, string, Json, Json][])("%s", async (_what, tool, args, want) => {
    await server.call(tool, args);
    expect(server.writes().at(-1)?.body).toMatchObject(want);
    expect(server.sent.filter(({ method }) => method === "GET").length).toBeLessThanOrEqual(2);
  });

  test("an id that itself begins so is escaped", async () => {
    await server.call("get_collection", { collection_id: "id:name:Dev" });
    expect(last()?.path).toBe("/collections/name%3ADev");
  });
});

describe("who may not list cannot look up", () => {
  test.each([
    ["a domain that is not served", { domains: ["collections"] }, "PORTKEY_TOOL_DOMAINS"],
    ["a list of tools", { tools: ["get_workspace", "list_collections"] }, "PORTKEY_TOOLS"],
    ["an exclusion", { tools: ["!list_workspaces"] }, "PORTKEY_TOOLS"],
  ])("%s", async (_how, policy, setting) => {
    const tool = setting === "PORTKEY_TOOL_DOMAINS" ? "list_collections" : "get_workspace";
    const args = { workspace_id: "name:Dev" };
    const there = await server.call(tool, args, { policy });
    expect(there.text).toContain("which list_workspaces looks up");
    expect(there.text).toContain(setting);
    const nowhere = await server.call(tool, { workspace_id: "name:Nowhere" }, { policy });
    expect(nowhere.text.replace("Nowhere", "Dev")).toBe(there.text);
    expect(server.sent).toEqual([]);
  });
});

describe("very many names", () => {
  const window = {
    workspace_slug: "production",
    time_of_generation_min: "2026-01-01T00:00:00Z",
    time_of_generation_max: "2026-01-02T00:00:00Z",
  };
  const names = (count: number) => Array.from({ length: count }, (_, at) => `name:nobody${at}`);

  test.each([
    ["in one text", { api_key_ids: names(20_000).join(",") }],
    ["commas behind one", { api_key_ids: `name:nobody${",".repeat(200_000)}` }],
  ])("%s are looked up for no call", async (_what, args) => {
    const { text } = await server.call("get_cost_analytics", { ...window, ...args });
    expect(text).toMatch(/nothing was sent\. \d+ ids are given by name, .*at most 100 are looked up for one call\.$/);
    expect(server.sent).toEqual([]);
  });

  test("the first in a text that is nobody's ends the search", async () => {
    const { text } = await server.call("get_cost_analytics", { ...window, api_key_ids: names(100).join(",") });
    expect(text.match(/is called exactly/g)).toHaveLength(1);
  });

  test("of many places with names that are nobody's, three are told", async () => {
    const args = { name: "w", users: names(50) };
    const { text } = await server.call("create_workspace", args);
    expect(text.match(/is called exactly/g)).toHaveLength(3);
    expect(text).toMatch(/- and 47 more$/);
  });
});
