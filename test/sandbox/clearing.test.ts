/**
 * What null and an empty text take away, and how an icon changes a workspace's name.
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
const productionKey = idOf("/api-keys", "checkout-service");
const usage = { type: "cost", credit_limit: 10 };

describe("cleared by null", () => {
  it.each([
    ["/admin/workspaces/dev", "usage_limits", [{ ...usage }]],
    ["/admin/workspaces/dev", "rate_limits", [{ type: "requests", unit: "rpm", value: 1 }]],
    [`/api-keys/${productionKey}`, "usage_limits", usage],
    [`/api-keys/${productionKey}`, "rate_limits", [{ type: "requests", unit: "rpm", value: 1 }]],
    [`/api-keys/${productionKey}`, "alert_emails", ["a@sandbox.example"]],
    [`/api-keys/${productionKey}`, "expires_at", "2030-01-01T00:00:00.000Z"],
    [`/api-keys/${productionKey}`, "rotation_policy", { rotation_period: "weekly" }],
    ["/providers/openai-production", "usage_limits", usage],
    ["/providers/openai-production", "rate_limits", [{ type: "requests", unit: "rpm", value: 1 }]],
    ["/virtual-keys/openai-dev-vk", "usage_limits", usage],
    ["/secret-references/openai-key-in-aws", "secret_key", "other"],
  ])("%s %s", async (path, field, value) => {
    await ok(sandbox, "PUT", path, { body: { [field]: value } });
    const set = (await ok(sandbox, "GET", path))[field] as unknown;
    if (Array.isArray(value) || typeof value === "string") expect(set).toEqual(value);
    else expect(set).toMatchObject(value as object);
    await ok(sandbox, "PUT", path, { body: { [field]: null } });
    expect((await ok(sandbox, "GET", path))[field]).toBeNull();
  });

  it("one default of a key, the others stay", async () => {
    const path = `/api-keys/${productionKey}`;
    await ok(sandbox, "PUT", path, { body: { defaults: { config_id: "pc-cache", allow_config_override: false } } });
    expect(await ok(sandbox, "GET", path)).toMatchObject({
      allow_config_override: 0,
      defaults: { config_id: idOf("/configs", "pc-cache"), metadata: { app: "checkout" } },
    });
    await ok(sandbox, "PUT", path, { body: { defaults: { config_id: null } } });
    const { defaults, allow_config_override } = await ok(sandbox, "GET", path);
    expect([defaults, allow_config_override]).toEqual([{ config_id: null, metadata: { app: "checkout" } }, 0]);
  });
});

describe("an icon", () => {
  const dev = () => ok(sandbox, "GET", "/admin/workspaces/dev");

  it("goes before the name, is not part of it, and is cleared by nothing", async () => {
    await ok(sandbox, "PUT", "/admin/workspaces/dev", { body: { icon: "🚪" } });
    expect((await dev()).name).toBe("🚪 Dev");
    const remove = (name: string) =>
      send(sandbox, "DELETE", "/admin/workspaces/dev", { body: { name, force_delete: true } });
    expect([(await remove("🚪 Dev")).status, (await remove("🚪")).status]).toEqual([400, 400]);
    await ok(sandbox, "PUT", "/admin/workspaces/dev", { body: { name: "Lab" } });
    expect((await dev()).name).toBe("🚪 Lab");
    await ok(sandbox, "PUT", "/admin/workspaces/dev", { body: { icon: "" } });
    expect((await dev()).name).toBe("Lab");
    await ok(sandbox, "DELETE", "/admin/workspaces/dev", { body: { name: "Lab", force_delete: true } });
  });
});
