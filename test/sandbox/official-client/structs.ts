/**
 * What Portkey's Terraform client reads out of answers, as facts: field and type. Its tests pass against the running
 * API, so that an answer which does not fit is not the API's.
 */
import type { Shape } from "./decode.ts";

const fields = (of: Readonly<Record<string, Shape>>): Shape => ({ fields: of });
const list = (of: Shape): Shape => ({ list: of });
const texts = list("text");
const json: Shape = { map: "anything" };

/** Fields by name that have the same type wherever they are read. */
const named = (names: string): Record<string, Shape> =>
  Object.fromEntries(names.split(" ").map((name) => [name, "text" as const]));
const times = { created_at: "time", last_updated_at: "time" } as const;

const usageLimits = fields({
  ...named("type periodic_reset next_usage_reset_at"),
  credit_limit: "number",
  alert_threshold: "number",
  periodic_reset_days: "whole number",
});
const sharedUsageLimits = fields({
  ...named("type periodic_reset"),
  credit_limit: "whole number",
  alert_threshold: "whole number",
});
const rateLimits = list(fields({ ...named("type unit"), value: "whole number" }));
const checks = list(fields({ id: "text", is_enabled: "flag", parameters: json }));
const conditions = list(fields(named("key value")));
const groupBy = list(fields(named("key")));

export const structs = {
  workspace: fields({
    ...named("id slug name description"),
    ...times,
    defaults: fields({ metadata: { map: "text" } }),
    usage_limits: list(sharedUsageLimits),
    rate_limits: rateLimits,
  }),
  user: fields({ ...named("id email role status"), created_at: "time", updated_at: "time" }),
  member: fields({ ...named("id user_id workspace_id role email first_name last_name"), created_at: "time" }),
  invite: fields({
    ...named("id email role status"),
    workspaces: list(fields(named("id role"))),
    created_at: "time",
    expires_at: "time",
  }),
  created: fields(named("id slug version_id key object")),
  integration: fields({
    ...named("id slug name ai_provider_id description status masked_key type workspace_id"),
    ...times,
    configurations: json,
    secret_mappings: list(fields(named("target_field secret_reference_id secret_key"))),
  }),
  integrationWorkspaces: fields({
    total: "whole number",
    workspaces: list(
      fields({ id: "text", enabled: "flag", usage_limits: list(sharedUsageLimits), rate_limits: rateLimits }),
    ),
  }),
  integrationModels: fields({
    allow_all_models: "flag",
    models: list(
      fields({
        ...named("slug base_model_slug"),
        enabled: "flag",
        is_custom: "flag",
        is_finetune: "flag",
        pricing_config: fields({
          type: "text",
          pay_as_you_go: fields({
            request_token: fields({ price: "number" }),
            response_token: fields({ price: "number" }),
          }),
        }),
      }),
    ),
  }),
  apiKey: fields({
    ...named("id key name description type organisation_id workspace_id user_id status creation_mode"),
    ...times,
    rate_limits: rateLimits,
    usage_limits: usageLimits,
    scopes: texts,
    defaults: fields({ metadata: { map: "text" }, config_id: "text", allow_config_override: "flag" }),
    alert_emails: texts,
    allow_config_override: "whole number",
    expires_at: "time",
    last_reset_at: "time",
    rotation_policy: fields({ ...named("rotation_period next_rotation_at"), key_transition_period_ms: "whole number" }),
  }),
  provider: fields({
    ...named("id slug name ai_provider_name integration_id workspace_id status note"),
    model_config: json,
    rate_limits: rateLimits,
    usage_limits: usageLimits,
    created_at: "time",
    expires_at: "time",
  }),
  config: fields({
    ...named("id slug name workspace_id organisation_id status owner_id updated_by format type version_id"),
    ...times,
    config: "anything",
    is_default: "whole number",
  }),
  prompt: fields({
    ...named("id slug name collection_id string model virtual_key status"),
    ...named("prompt_version_id prompt_version_status prompt_version_description"),
    ...times,
    parameters: json,
    functions: list("anything"),
    tools: list("anything"),
    tool_choice: "anything",
    template_metadata: json,
    is_raw_template: "whole number",
    prompt_version: "whole number",
  }),
  promptVersion: fields({ id: "text", prompt_version: "whole number" }),
  savedPrompt: fields(named("id slug prompt_version_id")),
  partial: fields({
    ...named("id slug name string status prompt_partial_version_id prompt_partial_version_status"),
    ...named("version_description collection_id"),
    ...times,
    version: "whole number",
  }),
  partialVersion: fields({ prompt_partial_version_id: "text", version: "whole number" }),
  savedPartial: fields(named("id slug prompt_partial_version_id")),
  guardrail: fields({
    ...named("id slug name organisation_id workspace_id status version_id owner_id updated_by"),
    ...times,
    checks,
    actions: json,
  }),
  usagePolicy: fields({
    ...named("id name type periodic_reset status workspace_id organisation_id"),
    ...times,
    conditions,
    group_by: groupBy,
    credit_limit: "number",
    alert_threshold: "number",
  }),
  ratePolicy: fields({
    ...named("id name type unit status workspace_id organisation_id"),
    ...times,
    conditions,
    group_by: groupBy,
    value: "number",
  }),
  collection: fields({
    ...named("id name workspace_id slug parent_collection_id status created_at last_updated_at"),
    is_default: "whole number",
  }),
  mcpIntegration: fields({
    ...named("id slug name description url auth_type transport workspace_id type status owner_id"),
    ...named("created_at last_updated_at"),
    configurations: "anything",
    global_workspace_access: "anything",
  }),
  capability: fields({ ...named("name type"), enabled: "flag" }),
  mcpWorkspaces: fields({ workspaces: list(fields({ id: "text", enabled: "flag" })) }),
  secretReference: fields({
    ...named("id slug organisation_id name description manager_type secret_path secret_key status created_by object"),
    ...times,
    allow_all_workspaces: "flag",
    allowed_workspaces: texts,
    tags: { map: "text" },
    auth_config: json,
  }),
  scimMapping: fields(named("id workspace_id scim_group scim_group_id role")),
  nothing: fields({}),
} satisfies Readonly<Record<string, Shape>>;

export type StructName = keyof typeof structs;

/** A list's answer: items under one name, and how many there are. */
export function listOf(item: StructName, under = "data"): Shape {
  return fields({ [under]: list(structs[item]), total: "whole number", total_count: "whole number" });
}
