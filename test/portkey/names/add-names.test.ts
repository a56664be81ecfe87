/** `names: true`: the names of objects beside their ids, from lists that are read once. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startSandboxServer, type SandboxServer } from "../../composites/sandbox-server.ts";

type Json = Record<string, unknown>;

let server: SandboxServer;
let calls = 0;
beforeAll(async () => {
  server = await startSandboxServer({ keys: "both" });
});
afterAll(() => server.close());
beforeEach(() => {
  server.sandbox.reset();
  server.forget();
  calls += 1;
});

/** What is kept for one test's caller is not kept for another's. */
const call = (tool: string, args: Json, policy = {}) => server.call(tool, args, { principal: `p${calls}`, policy });
const rows = ({ body }: { body: Json }, member = "data") => body[member] as Json[];

test("a user's workspaces have names", async () => {
  const users = await call("list_all_users", { names: true });
  const ben = rows(users).find(({ email }) => email === "ben@sandbox.example") as Json;
  expect(ben["workspaces"]).toEqual(
    (ben["workspace_ids"] as string[]).map((id) => ({ id, name: expect.stringMatching(/^(Production|Staging)$/) })),
  );
  expect(server.sent.map(({ path }) => path.split("?")[0])).toEqual(["/admin/users", "/admin/workspaces"]);
});

test.each([
  ["list_api_keys", { workspace_id: "production" }, "data", { workspace_name: "Production" }],
  ["list_integration_workspaces", { slug: "openai-main" }, "workspaces", { id: "dev", name: "Dev" }],
  ["list_prompts", { workspace_id: "production" }, "data", { collection_name: expect.stringContaining("Support") }],
  ["list_providers", { workspace_id: "production" }, "data", { integration_name: "Anthropic" }],
  [
    "list_user_invites",
    {},
    "data",
    { invited_by_name: "Ada Berg", workspaces: [{ id: "dev", role: "member", name: "Dev" }] },
  ],
  ["list_configs", { workspace_id: "production" }, "data", { owner_id: expect.any(String), owner_name: "Ada Berg" }],
  ["list_scim_workspace_mappings", {}, "mappings", { workspace_name: "Dev" }],
] as [string, Json, string, Json][])("%s", async (tool, args, member, want) => {
  expect(rows(await call(tool, { ...args, names: true }), member)).toContainEqual(expect.objectContaining(want));
});

test("on every page, with fields, and what Portkey answered stays as it is", async () => {
  const args = { all_pages: true, page_size: 2, workspace_id: "production" };
  const named = rows(await call("list_api_keys", { ...args, names: true }));
  const plain = rows(await server.call("list_api_keys", args, { principal: "plain" }));
  expect(named.map(({ workspace_name: _name, ...others }) => others)).toEqual(plain);
  const few = rows(await call("list_api_keys", { ...args, names: true, fields: "id,workspace_name" }));
  expect(few[0]).toEqual({ id: expect.any(String), workspace_name: "Production" });
});

test("the arguments of the next page ask for names too", async () => {
  const { body } = await call("list_all_users", { pageSize: 2, names: true });
  expect(body["next"]).toMatchObject({ names: true });
});

test("without names: true no list is read, and names that are known stand there all the same", async () => {
  const before = await call("list_api_keys", {});
  expect(rows(before)[0]).not.toHaveProperty("workspace_name");
  expect(server.sent).toHaveLength(1);
  await call("get_workspace", { workspace_id: "name:Production" });
  server.forget();
  expect(rows(await call("list_api_keys", {}))[0]).toMatchObject({ workspace_name: "Production" });
  expect(server.sent).toHaveLength(1);
});

test("what the caller may not list has no names, and the answer says why", async () => {
  const answer = await call("list_all_users", { names: true }, { tools: ["list_all_users"] });
  expect(rows(answer)[0]).not.toHaveProperty("workspaces");
  expect(answer.beside).toContain("PORTKEY_TOOLS does not include list_workspaces");
  expect(server.sent).toHaveLength(1);
});

test("a list that fails costs the answer nothing", async () => {
  server.failAt(2);
  const answer = await call("list_all_users", { names: true });
  expect(answer.isError).toBe(false);
  expect(answer.beside).toContain("names: those of workspaces could not be read.");
});

test("a writing tool does not take it, and says so", async () => {
  const { text } = await call("delete_collection", { collection_id: "x", names: true });
  expect(text).toContain("names is not an argument of delete_collection");
});
