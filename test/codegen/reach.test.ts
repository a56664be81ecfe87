/** Whether a tool is about one workspace or the organisation, and which arguments name either. */
import { describe, expect, test } from "vitest";
import { reachOf, withFilter, withSubject } from "../../codegen/derive/reach.ts";
import type { Schema } from "../../codegen/read/document.ts";
import type { Argument, KeyKind } from "../../src/catalog/record.ts";

const argument = (name: string, place: Argument["place"] = "query"): Argument => ({
  name,
  api: name,
  place,
  required: false,
});

test.each<[KeyKind, string | undefined, string]>([
  ["any", "/prompts", "workspace"],
  ["any", "/admin/users", "organisation"],
  ["any", "/admin/workspaces", "organisation"],
  ["any", "/admin/workspaces/{workspaceId}", "workspace"],
  ["any", "/admin/workspaces/{workspaceId}/users", "workspace"],
  ["any", undefined, "workspace"],
  ["admin", "/prompts", "organisation"],
  ["admin", "/admin/workspaces/{workspaceId}", "organisation"],
])("with the key %s, %s is about the %s", (key, path, want) => {
  expect(reachOf(key, path)).toBe(want);
});

describe("an argument names", () => {
  const item: Schema = { type: "object", properties: { workspace_id: { type: "string" } } };
  test.each<[string, Schema, object]>([
    ["workspace_id", { type: "string" }, { namesWorkspace: true }],
    ["workspaceSlug", { type: "string" }, { namesWorkspace: true }],
    ["allowed_workspaces", { type: "array", items: { type: "string" } }, { namesWorkspace: true }],
    ["entries", { type: "array", items: item }, { namesWorkspace: true }],
    ["organisation_id", { type: "string" }, { organisationWhen: "given" }],
    ["type", { type: "string", enum: ["workspace", "organisation"] }, { organisationWhen: ["organisation"] }],
    ["name", { type: "string" }, {}],
    ["workspace_name", { type: "string" }, {}],
  ])("%s of %j: %j", (name, schema, want) => {
    expect(withSubject(argument(name), schema)).toEqual({ ...argument(name), ...want });
  });
});

describe("a list is filtered where nothing is given", () => {
  const choice: Schema = { type: "string", enum: ["active", "archived", "all"], default: "active" };
  test.each<[string, Argument, Schema, object]>([
    ["by a default of several", argument("status"), choice, { filtersBy: "active" }],
    ["not by a default of all", argument("status"), { ...choice, default: "all" }, {}],
    ["not without a default", argument("status"), { type: "string", enum: ["active", "archived"] }, {}],
    ["not by a choice of one", argument("status"), { type: "string", enum: ["active"], default: "active" }, {}],
    ["not by a switch", argument("deep"), { type: "string", enum: ["true", "false"], default: "false" }, {}],
    ["not by a field of a body", argument("status", "body"), choice, {}],
  ])("%s", (_how, given, schema, want) => {
    expect(withFilter(given, schema)).toEqual({ ...given, ...want });
  });
});
