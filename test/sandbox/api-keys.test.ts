import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { makeSandbox, moment, ok, send } from "./setup.ts";

let sandbox: Sandbox;
let now = moment;
beforeAll(async () => {
  sandbox = await makeSandbox({ now: () => now });
});
beforeEach(() => {
  now = moment;
  sandbox.reset();
});

const scopes = ["prompts.list"];
/** The least transition of a rotation, half an hour in milliseconds. */
const least = 1_800_000;
const make = (body: object = {}, path = "workspace/service") =>
  ok(sandbox, "POST", `/api-keys/${path}`, { body: { name: "mine", scopes, workspace_id: "dev", ...body } });
const statusWith = async (key: string) => (await send(sandbox, "GET", "/prompts", { key })).status;

describe("an API key", () => {
  it("tells its secret once", async () => {
    const { id, key } = await make();
    expect(await statusWith(key)).toBe(200);
    const shown = await ok(sandbox, "GET", `/api-keys/${id}`);
    expect(shown).toMatchObject({ name: "mine", scopes, type: "workspace-service" });
    expect(JSON.stringify(shown) + JSON.stringify(await ok(sandbox, "GET", "/api-keys"))).not.toContain(key);
  });

  it("reaches only its workspace", async () => {
    const { key } = await make();
    const { data } = await ok(sandbox, "GET", "/prompts", { key });
    expect(data.map((each: { slug: string }) => each.slug)).toEqual(["name-ideas"]);
  });

  it("does only what its scopes say", async () => {
    const { key } = await make();
    const { status, body } = await send(sandbox, "GET", "/configs", { key });
    expect([status, body]).toEqual([
      403,
      { success: false, data: { message: "This key lacks the scope configs.list.", errorCode: "AB03" } },
    ]);
  });

  it("works beside its successor until the transition ends", async () => {
    const { id, key } = await make();
    const body = { key_transition_period_ms: least };
    const rotated = await ok(sandbox, "POST", `/api-keys/${id}/rotate`, { body });
    expect(rotated).toMatchObject({ id, key_transition_expires_at: new Date(moment + least).toISOString() });
    expect([await statusWith(key), await statusWith(rotated.key)]).toEqual([200, 200]);
    now += least;
    expect([await statusWith(key), await statusWith(rotated.key)]).toEqual([401, 200]);
  });

  it.each([
    ["as long as the rotation says", { key_transition_period_ms: 2 * least }, 2 * least],
    ["half an hour where it does not say", {}, least],
  ])("works beside its successor %s", async (_title, body, period) => {
    const { id } = await make();
    const { key_transition_expires_at: end } = await ok(sandbox, "POST", `/api-keys/${id}/rotate`, { body });
    expect(end).toBe(new Date(moment + period).toISOString());
  });

  it("keeps the first end of an old secret over a second rotation", async () => {
    const { id, key } = await make();
    await ok(sandbox, "POST", `/api-keys/${id}/rotate`, { body: { key_transition_period_ms: least } });
    await ok(sandbox, "POST", `/api-keys/${id}/rotate`, { body: { key_transition_period_ms: 2 * least } });
    now += least;
    expect(await statusWith(key)).toBe(401);
  });

  it("ends when deleted, and when it expires", async () => {
    const deleted = await make();
    await ok(sandbox, "DELETE", `/api-keys/${deleted.id}`);
    const expired = await make({ expires_at: new Date(moment + 1000).toISOString() });
    expect([await statusWith(deleted.key), await statusWith(expired.key)]).toEqual([401, 200]);
    now += 1000;
    expect(await statusWith(expired.key)).toBe(401);
  });

  it("of the organisation is an admin key, which a workspace key cannot make", async () => {
    const { key } = await make({ scopes: ["organisation_users.list"] }, "organisation/service");
    expect((await ok(sandbox, "GET", "/admin/users", { key })).total).toBe(5);
    const refused = await send(sandbox, "POST", "/api-keys/organisation/service", {
      key: sandbox.keys.workspace,
      body: { name: "x", scopes },
    });
    expect(refused.status).toBe(403);
  });

  it.each(["organisation/robot", "team/service"])("has no type %s", async (path) => {
    expect((await send(sandbox, "POST", `/api-keys/${path}`, { body: { name: "x", scopes } })).status).toBe(400);
  });
});

describe("without a valid key", () => {
  it.each([
    ["no key", ""],
    ["an unknown key", "pk-who"],
  ])("%s is a 401", async (_what, key) => {
    expect(await send(sandbox, "GET", "/prompts", { key })).toMatchObject({
      status: 401,
      body: { success: false, data: { errorCode: "AB05" } },
    });
  });

  it("the public model prices are there all the same", async () => {
    const { pay_as_you_go } = await ok(sandbox, "GET", "/model-configs/pricing/openai/gpt-4o", { key: "" });
    expect(pay_as_you_go.request_token.price).toBe(0.00025);
  });
});

it("lets every known key do everything when told not to enforce scopes", async () => {
  const open = await makeSandbox({ enforceScopes: false });
  expect((await send(open, "GET", "/admin/users", { key: open.keys.workspace })).status).toBe(200);
});
