/** A list that is shorter than its own total says, inside tools of several requests, and lists that count from 0. */
import { afterEach, describe, expect, test } from "vitest";
import { startSandboxServer, type SandboxServer } from "./sandbox-server.ts";

type Json = Record<string, unknown>;

let server: SandboxServer | undefined;
afterEach(() => server?.close());

/** Portkey keeps all but one item of the list at `path` back, and says how many there are. */
async function withShort(path: string) {
  server = await startSandboxServer({
    admin: true,
    alter: ({ method, path: asked }, body) => {
      if (method !== "GET" || asked.split("?")[0] !== path) return undefined;
      const [page] = /current_page=(\d+)/.exec(asked)?.slice(1) ?? ["0"];
      const list = (body as { data: unknown[] }).data;
      return { ...(body as Json), data: page === "0" ? list.slice(0, 1) : [], total: "130" };
    },
  });
  return server;
}

const short = "130 items, and 1 came: 129 are missing here";

describe.each(["/configs", "/guardrails"])("%s", (path) => {
  test("an export is not complete, and says what of it is missing", async () => {
    const { body, beside } = await (await withShort(path)).call("export_workspace", { workspace_id: "production" });
    expect(body["complete"]).toBe(false);
    expect(body["unread"]).toEqual([{ kind: path.slice(1), error: expect.stringContaining(short) as string }]);
    expect(beside).toContain(short);
  });

  test("a difference names the side that is not whole", async () => {
    const { body } = await (await withShort(path)).call("diff_workspaces", { source: "production", target: "dev" });
    const unread = { kind: path.slice(1), error: expect.stringContaining(short) as string };
    expect(body["unread"]).toEqual([
      { side: "source", ...unread },
      { side: "target", ...unread },
    ]);
  });
});

test("a composite that looks something up in a short list warns", async () => {
  const args = { slug: "pc-cache", target_workspace_id: "dev", mapping: { "openai-production": "gemini-dev" } };
  const { beside } = await (await withShort("/configs")).call("promote_config", { ...args, dry_run: true });
  expect(beside).toContain(`list_configs: The API says that this list has ${short}`);
});

test.each([
  ["list_configs", "/configs"],
  ["list_prompts", "/prompts"],
])("%s says what is missing, with all_pages where it has pages", async (tool, path) => {
  const started = await withShort(path);
  const { beside } = await started.call(tool, tool === "list_prompts" ? { all_pages: true } : {});
  expect(beside).toContain(short);
});

test("the mappings of an identity provider's groups are read from page 0 on, all 230 of them", async () => {
  server = await startSandboxServer({ admin: true });
  const before = await server.call("list_scim_workspace_mappings", { all_pages: true });
  const known = (before.body["mappings"] as unknown[]).length;
  const refusals: string[] = [];
  for (let at = known; at < 230; at += 1) {
    const mapping = { workspace_id: "dev", scim_group_name: `group-${at}`, role: "member" };
    const { isError, text } = await server.call("create_scim_workspace_mapping", mapping);
    if (isError) refusals.push(text);
  }
  expect(refusals).toEqual([]);
  server.forget();
  const { body, beside } = await server.call("list_scim_workspace_mappings", { all_pages: true });
  const ids = (body["mappings"] as Json[]).map(({ id }) => id);
  expect(new Set(ids).size).toBe(230);
  expect(body).toMatchObject({ has_more: false });
  expect(beside).toBe("");
  expect(server.sent.map(({ path }) => path)).toEqual([
    "/scim/workspaces",
    "/scim/workspaces?page=1",
    "/scim/workspaces?page=2",
  ]);
});
