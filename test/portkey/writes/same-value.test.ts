/** What counts as the same value at Portkey, and what as another one. */
import { describe, expect, test } from "vitest";
import { isSameValue } from "../../../src/portkey/writes/same-value.ts";

describe("the same, in another form", () => {
  test.each([
    ["name", "x", "x"],
    ["name", "Sales", "📈 Sales"],
    ["role", "Admin", "admin"],
    ["enabled", true, 1],
    ["enabled", false, "false"],
    ["enabled", false, null],
    ["credit_limit", 10, "10"],
    ["credit_limit", 0.1, 0.1000000000001],
    ["expires_at", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000Z"],
    ["expires_at", "2026-01-01T05:30:00+05:30", "2026-01-01T00:00:00.000Z"],
    ["description", null, ""],
    ["usage_limits", null, undefined],
    ["usage_limits", [], null],
    ["defaults", { config_id: null }, {}],
    ["defaults", { metadata: {} }, null],
    ["config", { retry: { attempts: 3 } }, '{"retry":{"attempts":3}}'],
    ["config", '{"a":1}', { a: 1 }],
    ["usage_limits", { credit_limit: 5 }, { credit_limit: 5, type: "cost", status: "active" }],
    ["scopes", ["a", "b"], ["b", "a"]],
    ["rate_limits", [{ type: "requests", value: 5 }], [{ type: "requests", value: 5, unit: "rpm" }]],
    ["workspaces", [{ id: "dev", enabled: true }], [{ slug: "dev", id: "u-1", enabled: 1 }, { id: "u-2" }]],
    ["collection_id", "support", "6f1c1e5e-3c8a-4b7e-9a65-2f6a1c3d4e5f"],
    ["virtual_key", "uuid", "slug"],
    ["key", "sk-1", "sk-2"],
    ["token", "abc", "***c"],
    ["configurations", { aws_access_key_id: "AKIA1" }, { aws_access_key_id: "AK****" }],
    ["reset_usage", true, 0],
    ["override_existing_workspace_access", true, false],
    ["unknown", 5, undefined],
  ])("%s %j, now %j", (name, given, now) => expect(isSameValue(name, given, now)).toBe(true));
});

describe("another value", () => {
  test.each([
    ["name", "new", "old"],
    ["name", "new", null],
    ["enabled", true, 0],
    ["enabled", true, false],
    ["enabled", false, 1],
    ["credit_limit", 10, 100],
    ["credit_limit", null, 100],
    ["expires_at", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"],
    ["usage_limits", { credit_limit: 5 }, { credit_limit: 50 }],
    ["usage_limits", null, [{ credit_limit: 5 }]],
    ["usage_limits", [], [{ credit_limit: 5 }]],
    ["scopes", ["a"], ["a", "b"]],
    ["scopes", ["a", "b"], ["a"]],
    ["workspaces", [{ id: "dev", enabled: true }], [{ id: "dev", enabled: false }]],
    ["config", { retry: { attempts: 3 } }, '{"retry":{"attempts":5}}'],
  ])("%s %j, now %j", (name, given, now) => expect(isSameValue(name, given, now)).toBe(false));
});
