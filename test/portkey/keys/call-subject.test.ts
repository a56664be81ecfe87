/** What a call names, in path, query and body. */
import { describe, expect, test } from "vitest";
import { loadCatalogue } from "../../main-catalogue.ts";
import { subjectOf } from "../../../src/portkey/keys/call-subject.ts";

const { find } = loadCatalogue();
const read = (tool: string, values: Record<string, unknown>) =>
  subjectOf(find(tool)?.record as NonNullable<ReturnType<typeof find>>["record"], values);

describe("workspaces", () => {
  test.each([
    ["get_workspace", { workspace_id: "dev" }, ["dev"], []],
    ["list_prompts", { workspace_id: "dev" }, ["dev"], []],
    ["create_config", { name: "x", workspace_id: "dev" }, ["dev"], []],
    ["get_cost_analytics", { workspace_slug: "dev" }, ["dev"], []],
    ["get_cost_analytics", { workspace_slug: "dev, production" }, ["dev", "production"], []],
    [
      "update_integration_workspaces",
      { slug: "i", workspaces: [{ id: "dev", enabled: true }, { id: "w2" }] },
      [],
      ["dev", "w2"],
    ],
    ["update_mcp_integration_workspaces", { workspaces: [{ id: "dev" }] }, [], ["dev"]],
    ["create_log_export", { filters: { workspace_slug: "dev" }, workspace_id: "production" }, ["production"], ["dev"]],
    [
      "create_usage_limit",
      {
        conditions: [
          { key: "workspace_id", value: "dev" },
          { key: "api_key", value: "k" },
        ],
      },
      [],
      ["dev"],
    ],
    ["create_usage_limit", { conditions: [{ key: "workspace_id", value: ["dev", "w2"] }] }, [], ["dev", "w2"]],
    ["create_secret_reference", { allowed_workspaces: ["dev"] }, [], ["dev"]],
    ["update_input_guardrail_exclusions", { workspaces: [{ workspace_id: "dev", excluded: true }] }, [], ["dev"]],
    ["get_prompt", { prompt_id: "p", workspace_id: "dev" }, ["dev"], []],
    ["list_prompts", { search: "dev" }, [], []],
    ["list_prompts", { workspace_id: "" }, [], []],
    ["create_config", { workspace_id: null }, [], []],
    ["create_config", { config: { metadata: { workspace_id: "dev" } } }, [], []],
  ])("%s %j", (tool, values, workspaces, alsoNamed) =>
    expect(read(tool, values)).toMatchObject({ workspaces, alsoNamed }),
  );
});

describe("the organisation", () => {
  test.each([
    ["create_api_key", { type: "organisation", sub_type: "service" }, true, false],
    ["create_api_key", { type: "workspace", sub_type: "service" }, false, false],
    ["list_integrations", { type: "organisation" }, true, false],
    ["create_guardrail", { organisation_id: "o" }, false, true],
    ["create_guardrail", { organisation_id: null }, false, false],
    ["delete_config", { slug: "c", organisation_id: "o" }, false, true],
    ["list_rate_limits", { type: "requests" }, false, false],
  ])("%s %j", (tool, values, isOrganisation, namesOrganisation) =>
    expect(read(tool, values)).toMatchObject({ isOrganisation, namesOrganisation }),
  );
});
