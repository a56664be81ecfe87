/**
 * The steps of Portkey's Terraform client over everything that it manages, each answer read as its structs read it.
 */
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Json } from "../../../src/sandbox/json.ts";
import { uuid } from "../../../src/sandbox/state/ids.ts";
import type { Sandbox } from "../../../src/sandbox/sandbox.ts";
import { makeSandbox, moment, ok, send } from "../setup.ts";
import { misfits, type Shape } from "./decode.ts";
import { managed, type Managed } from "./managed.ts";
import { listOf, structs, type StructName } from "./structs.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await makeSandbox();
});
beforeEach(() => sandbox.reset());

type Method = "GET" | "POST" | "PUT" | "DELETE";

/** The answer of a call that must succeed and must fit. */
async function read(method: Method, path: string, shape: Shape, body?: Json): Promise<Json> {
  const answer = (await ok(sandbox, method, path, { body })) as Json;
  expect(misfits(shape, answer), `${method} ${path}`).toEqual([]);
  return answer;
}

const get = (path: string, struct: StructName) => read("GET", path, structs[struct]);
const put = (path: string, body: Json, struct: StructName = "nothing") => read("PUT", path, structs[struct], body);
const list = (path: string, item: StructName, under?: string) => read("GET", path, listOf(item, under));

describe.each(Object.entries(managed(moment)))("%s", (_name, one: Managed) => {
  const { path, query = "", struct, made, by = "id" } = one;
  const make = async () => {
    const created = await read("POST", one.makeAt ?? path, structs[one.makes ?? "created"], made);
    expect([typeof created["id"], typeof created[by]]).toEqual(["string", "string"]);
    return { at: `${path}/${String(created[by])}${query}`, id: created["id"] };
  };

  it("is made and read", async () => {
    const { at, id } = await make();
    const found = await get(at, struct);
    expect(found).toMatchObject({ id, ...one.reads });
    expect(found["name"] ?? found["email"]).toBeTruthy();
  });

  it("is listed once, and counted", async () => {
    const { id } = await make();
    const answer = await list(path + query, struct, one.under);
    const items = answer[one.under ?? "data"] as Json[];
    expect(items.filter((item) => item["id"] === id)).toHaveLength(1);
    expect(answer["total"]).toBe(items.length);
  });

  it("is changed", async () => {
    const { at, id } = await make();
    if (one.change) await put(at, one.change, one.changes);
    expect(await get(at, struct)).toMatchObject({ id, ...(one.change ? one.rereads : one.reads) });
  });

  it("is deleted", async () => {
    const { at } = await make();
    if (one.deletion) await put(at, one.change ?? {});
    expect((await send(sandbox, "DELETE", at, { body: one.deletion })).status).toBe(200);
    const { status, body } = await send(sandbox, "GET", at);
    expect([status, body.data.errorCode]).toEqual(one.gone ?? [404, "AB02"]);
  });
});

describe("users and members", () => {
  const production = "/admin/workspaces/production/users";
  const eva = uuid("/admin/users:eva@sandbox.example");

  it("are read and listed", async () => {
    await get(`/admin/users/${eva}`, "user");
    await list("/admin/users", "user");
    await list(production, "member");
  });

  it("members are added, changed and removed", async () => {
    await read("POST", production, structs.nothing, { users: [{ id: eva, role: "member" }] });
    expect(await get(`${production}/${eva}`, "member")).toMatchObject({ role: "member" });
    await put(`${production}/${eva}`, { role: "manager" });
    expect(await get(`${production}/${eva}`, "member")).toMatchObject({ role: "manager" });
    await read("DELETE", `${production}/${eva}`, structs.nothing);
    expect((await send(sandbox, "GET", `${production}/${eva}`)).status).toBe(404);
  });
});

describe("versions", () => {
  const whole = { parameters: {}, model: "gpt-4", virtual_key: "openai-production", is_raw_template: 0 };

  it.each([
    ["prompt", "/prompts/name-ideas", { string: "New", ...whole }, "prompt_version_id", "id", "prompt_version"],
    ["partial", "/prompts/partials/house-style", { string: "New" }, "prompt_partial_version_id", undefined, "version"],
  ] as const)("of a %s are found by the id that was answered, and published", async (kind, at, body, id, rowId, no) => {
    const [struct, row, saved] = (
      kind === "prompt" ? ["prompt", "promptVersion", "savedPrompt"] : ["partial", "partialVersion", "savedPartial"]
    ) as [StructName, StructName, StructName];
    const answer = await put(at, body, saved);
    const { data } = await list(`${at}/versions`, row);
    const version = (data as Json[]).find((each) => each[rowId ?? id] === answer[id]);
    expect(version?.[no]).toEqual(expect.any(Number));
    expect((await get(`${at}?version=latest`, struct))[no]).toBe(version?.[no]);
    expect((await get(at, struct))[no]).not.toBe(version?.[no]);
    await put(`${at}/makeDefault`, { version: version?.[no] });
    expect(await get(at, struct)).toMatchObject({ string: "New", [no]: version?.[no] });
  });
});

describe("access", () => {
  const limits = {
    usage_limits: [{ type: "cost", credit_limit: 10, alert_threshold: 80, periodic_reset: "monthly" }],
    rate_limits: [{ type: "requests", unit: "rpm", value: 5 }],
  };
  const entry = (answer: Json, id: string) => (answer["workspaces"] as Json[]).filter((each) => each["id"] === id);

  it("of a workspace to an integration is answered by slug", async () => {
    const at = "/integrations/openai-main/workspaces";
    const id = uuid("/admin/workspaces:dev");
    await put(at, { workspaces: [{ id, enabled: true, ...limits }] });
    expect(entry(await get(at, "integrationWorkspaces"), "dev")).toMatchObject([{ enabled: true, ...limits }]);
    expect(entry(await get(at, "integrationWorkspaces"), id)).toEqual([]);
    await put(at, { workspaces: [{ id: "dev", enabled: false }] });
    expect(entry(await get(at, "integrationWorkspaces"), "dev")).toMatchObject([{ enabled: false }]);
  });

  it("of a workspace to an MCP integration is answered by id", async () => {
    const at = "/mcp-integrations/issue-tracker/workspaces";
    const id = uuid("/admin/workspaces:dev");
    await put(at, { workspaces: [{ id, enabled: false }] });
    expect(entry(await get(at, "mcpWorkspaces"), id)).toMatchObject([{ enabled: false }]);
  });

  it("to models, all of them until it is said otherwise", async () => {
    const at = "/integrations/openai-main/models";
    expect(await get(at, "integrationModels")).toMatchObject({ allow_all_models: true });
    await put(at, {
      allow_all_models: false,
      models: [{ slug: "mine", enabled: true, is_custom: true, base_model_slug: "gpt-4o" }],
    });
    const { allow_all_models, models } = await get(at, "integrationModels");
    expect(allow_all_models).toBe(false);
    expect((models as Json[]).find(({ slug }) => slug === "mine")).toMatchObject({ is_custom: true, enabled: true });
  });

  it("to an MCP integration's capabilities", async () => {
    const at = "/mcp-integrations/issue-tracker/capabilities";
    await put(at, { capabilities: [{ name: "search_issues", type: "tool", enabled: false }] });
    const { data } = await list(at, "capability");
    expect((data as Json[]).find(({ name }) => name === "search_issues")).toMatchObject({ enabled: false });
  });
});

it("SCIM mappings are made, walked from page 0 and deleted", async () => {
  const body = { workspace_id: uuid("/admin/workspaces:dev"), role: "member", scim_group_name: "Engineering Team" };
  const made = await read("POST", "/scim/workspaces", structs.scimMapping, body);
  expect(made).toMatchObject({ scim_group: "Engineering Team", scim_group_id: expect.any(String) });
  const { mappings, total_count } = await list("/scim/workspaces?page=0&page_size=100", "scimMapping", "mappings");
  expect((mappings as Json[]).map(({ id }) => id)).toContain(made["id"]);
  expect(total_count).toBe((mappings as Json[]).length);
  await read("DELETE", `/scim/workspaces/${String(made["id"])}`, structs.nothing);
});
