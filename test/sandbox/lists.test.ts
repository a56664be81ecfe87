import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { makeSandbox, ok } from "./setup.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await makeSandbox();
});
beforeEach(() => sandbox.reset());

const names = (items: { name: string }[]) => items.map(({ name }) => name);

describe("paging", () => {
  it("counts current_page from 0 and covers everything once", async () => {
    for (let n = 0; n < 5; n += 1)
      await ok(sandbox, "POST", "/prompts", {
        body: { name: `page-${n}`, collection_id: "support-dev", string: "x", parameters: {}, virtual_key: "v" },
      });
    const page = async (current: number) =>
      ok(sandbox, "GET", `/prompts?search=page-&page_size=2&current_page=${current}`);
    const pages = [await page(0), await page(1), await page(2), await page(3)];
    expect(pages.map(({ total }) => total)).toEqual([5, 5, 5, 5]);
    expect(pages.map(({ data }) => names(data))).toEqual([["page-4", "page-3"], ["page-2", "page-1"], ["page-0"], []]);
  });

  it("counts currentPage from 0 for users", async () => {
    const { data, total } = await ok(sandbox, "GET", "/admin/users?pageSize=2&currentPage=2");
    expect([data.length, total]).toEqual([1, 5]);
  });

  it("counts page from 1 for capabilities, and says whether there is more", async () => {
    const first = await ok(sandbox, "GET", "/mcp-integrations/issue-tracker/capabilities?page=1&page_size=3");
    const second = await ok(sandbox, "GET", "/mcp-integrations/issue-tracker/capabilities?page=2&page_size=3");
    expect([first.data.length, first.has_more, second.data.length, second.has_more]).toEqual([3, true, 1, false]);
    expect(first.counts.tools).toEqual({ total: 2, enabled: 2 });
  });

  it("goes by cursor in the registry", async () => {
    const first = await ok(sandbox, "GET", "/v0.1/servers?limit=1");
    const second = await ok(sandbox, "GET", `/v0.1/servers?limit=1&cursor=${first.metadata.nextCursor}`);
    expect([first, second].map(({ servers }) => servers[0].server.title)).toEqual(["Issues dev", "Issues"]);
    expect(second.metadata).toEqual({ count: 1 });
  });

  it("does not cut lists that the document does not page", async () => {
    expect((await ok(sandbox, "GET", "/configs?page_size=1")).data).toHaveLength(3);
  });
});

describe("filters", () => {
  it.each([
    ["/prompts?search=REPLY", ["support-reply-dev", "support-reply-production"]],
    ["/prompts?collection_id=support-production", ["summarise-ticket", "support-reply-production"]],
    ["/prompts?workspace_id=dev", ["name-ideas"]],
    ["/admin/workspaces?name=prod", ["Production"]],
    ["/admin/workspaces?exact_name=prod", []],
    ["/integrations?type=workspace", ["Gemini for development"]],
    ["/integrations?type=organisation", ["Anthropic", "OpenAI"]],
    ["/integrations?type=all", ["Gemini for development", "Anthropic", "OpenAI"]],
    ["/policies/usage-limits?status=archived", []],
    ["/policies/usage-limits?type=cost", ["Monthly cost per key"]],
    ["/secret-references?manager_type=azure_kv", []],
    ["/mcp-servers?workspace_id=production", ["Issues"]],
  ])("%s", async (path, want) => {
    expect(names((await ok(sandbox, "GET", path)).data)).toEqual(want);
  });

  it("lists by role and by address", async () => {
    expect(
      (await ok(sandbox, "GET", "/admin/users?role=owner")).data.map((each: { email: string }) => each.email),
    ).toEqual(["ada@sandbox.example"]);
    expect((await ok(sandbox, "GET", "/admin/workspaces/production/users?role=manager")).total).toBe(1);
  });
});

describe("references", () => {
  it("takes id and slug alike", async () => {
    const bySlug = await ok(sandbox, "GET", "/collections/support-dev");
    expect(await ok(sandbox, "GET", `/collections/${bySlug.id}`)).toEqual(bySlug);
  });

  it("counts what a collection holds", async () => {
    const child = await ok(sandbox, "POST", "/collections", {
      body: { name: "Inner", parent_collection_id: "support-production" },
    });
    const parent = await ok(sandbox, "GET", "/collections/support-production");
    expect(parent.child_collections.map((each: { id: string }) => each.id)).toEqual([child.id]);
    const [listed] = (await ok(sandbox, "GET", "/collections?workspace_id=production&search=support production")).data;
    expect(listed.collection_details).toMatchObject({ child_collections_count: 1, prompts_count: 2 });
  });
});
