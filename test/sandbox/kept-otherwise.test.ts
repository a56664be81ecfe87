/**
 * What Portkey keeps, shows or counts otherwise than the document says.
 */
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { uuid } from "../../src/sandbox/state/ids.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { makeSandbox, moment, ok, send } from "./setup.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await makeSandbox();
});
beforeEach(() => sandbox.reset());

const idOf = (kind: string, slug: string) => uuid(`${kind}:${slug}`);
const productionKey = idOf("/api-keys", "checkout-service");
const login = { aws_auth_type: "accessKey", aws_access_key_id: "AKIA1", aws_secret_access_key: "s3", aws_region: "eu" };
const reference = { name: "r", manager_type: "aws_sm", auth_config: login, secret_path: "a" };
const usage = { type: "cost", credit_limit: 10 };
const policy = { group_by: [{ key: "api_key" }], type: "cost", credit_limit: 10, workspace_id: "dev" };
const condition = { key: "workspace_id", value: "dev" };

describe("a secret reference", () => {
  const path = "/secret-references/openai-key-in-aws";

  it("keeps the login's other fields, and shows secrets masked", async () => {
    const { id } = await ok(sandbox, "POST", "/secret-references", { body: reference });
    await ok(sandbox, "PUT", `/secret-references/${id}`, {
      body: { auth_config: { aws_region: "us" }, manager_type: "azure_kv" },
    });
    const shown = await ok(sandbox, "GET", `/secret-references/${id}`);
    expect(shown.manager_type).toBe("aws_sm");
    expect(shown.auth_config).toEqual({
      aws_auth_type: "accessKey",
      masked_aws_access_key_id: "***",
      masked_aws_secret_access_key: "***",
      aws_region: "us",
    });
    expect(JSON.stringify(await ok(sandbox, "GET", "/secret-references"))).not.toMatch(/AKIA1|s3/);
  });

  it("is open to some workspaces or to all", async () => {
    await ok(sandbox, "PUT", path, { body: { allowed_workspaces: ["dev"] } });
    expect(await ok(sandbox, "GET", path)).toMatchObject({
      allow_all_workspaces: false,
      allowed_workspaces: [idOf("/admin/workspaces", "dev")],
    });
    await ok(sandbox, "PUT", path, { body: { allow_all_workspaces: true } });
    expect(await ok(sandbox, "GET", path)).toMatchObject({ allow_all_workspaces: true, allowed_workspaces: [] });
  });

  it("is gone with a 404 of its own", async () => {
    await ok(sandbox, "DELETE", path);
    expect((await send(sandbox, "GET", path)).body.data.errorCode).toBe("AB08");
  });
});

describe("an API key", () => {
  it("tells when it rotates and when its usage goes back to nought", async () => {
    const path = `/api-keys/${productionKey}`;
    const day = 86_400_000;
    await ok(sandbox, "PUT", path, {
      body: {
        rotation_policy: { rotation_period: "weekly" },
        usage_limits: { ...usage, periodic_reset_days: 3 },
        reset_usage: true,
      },
    });
    expect(await ok(sandbox, "GET", path)).toMatchObject({
      rotation_policy: { rotation_period: "weekly", next_rotation_at: new Date(moment + 7 * day).toISOString() },
      usage_limits: { next_usage_reset_at: new Date(moment + 3 * day).toISOString() },
      last_reset_at: new Date(moment).toISOString(),
    });
  });

  it("of the organisation is not seen with a workspace key", async () => {
    const admin = idOf("/api-keys", "Sandbox admin key");
    const asWorkspace = { key: sandbox.keys.workspace };
    const { data } = await ok(sandbox, "GET", "/api-keys", asWorkspace);
    expect(data.map((each: { type: string }) => each.type)).not.toContain("organisation-service");
    expect((await send(sandbox, "GET", `/api-keys/${admin}`, asWorkspace)).body.data.errorCode).toBe("AB03");
  });
});

describe("a change without content", () => {
  const partial = "/prompts/partials/house-style";

  it.each([
    ["a partial's name", partial, { name: "new" }, {}],
    ["a prompt's name", "/prompts/name-ideas", { name: "new", parameters: null }, {}],
    ["a description alone", "/prompts/name-ideas", { version_description: "none" }, {}],
  ])("%s answers nothing and makes no version", async (_what, path, body, want) => {
    const count = async () => (await ok(sandbox, "GET", `${path}/versions`)).total as number;
    const before = await count();
    expect(await ok(sandbox, "PUT", path, { body })).toEqual(want);
    expect(await count()).toBe(before);
    if ("name" in body) expect((await ok(sandbox, "GET", path)).name).toBe("new");
  });
});

it.each([
  ["/prompts/support-reply-dev", "latest", 2],
  ["/prompts/support-reply-dev", "default", 1],
  ["/prompts/support-reply-dev", "2", 2],
  ["/prompts/partials/house-style", "1", 1],
  ["/prompts/partials/house-style", "latest", 2],
])("%s?version=%s is that version", async (path, version, want) => {
  const body = await ok(sandbox, "GET", `${path}?version=${version}`);
  expect(body.prompt_version ?? body.version).toBe(want);
});

it("keeps the SCIM group's name, and the role in lower case", async () => {
  const made = await ok(sandbox, "POST", "/scim/workspaces", {
    body: { workspace_id: "dev", role: "Admin", scim_group_name: "Sales" },
  });
  expect(made).toMatchObject({ scim_group: "Sales", role: "admin", workspace_id: idOf("/admin/workspaces", "dev") });
});

it("pages SCIM mappings from 0, each once", async () => {
  for (let n = 0; n < 230; n += 1)
    await ok(sandbox, "POST", "/scim/workspaces", {
      body: { workspace_id: "dev", role: "member", scim_group_id: `g${n}` },
    });
  const pages = await Promise.all(
    [0, 1, 2].map((page) => ok(sandbox, "GET", `/scim/workspaces?page=${page}&page_size=100`)),
  );
  expect(pages.map(({ total_count }) => total_count)).toEqual([231, 231, 231]);
  const ids = pages.flatMap(({ mappings }: { mappings: { id: string }[] }) => mappings.map(({ id }) => id));
  expect([ids.length, new Set(ids).size]).toEqual([231, 231]);
});

it("answers a policy's condition", async () => {
  const { id } = await ok(sandbox, "POST", "/policies/usage-limits", { body: { ...policy, conditions: [condition] } });
  expect((await ok(sandbox, "GET", `/policies/usage-limits/${id}`)).conditions).toEqual([condition]);
});
