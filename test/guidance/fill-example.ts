/** An example with its placeholders replaced by what there is in the sandbox: ids from lists, or made for the call. */
import { jsonOf, type Rig } from "./rig.ts";
import { link } from "../mcp/client-link.ts";

type Json = Readonly<Record<string, unknown>>;

/** What stands for a placeholder, where it is the same in every tool. */
const EVERYWHERE: Json = {
  agent_integration_id: "research-agent",
  agent_server_id: "research-production",
  api_key_id: ["list_api_keys", "id"],
  capability: "search_issues",
  collection_id: "support-dev",
  deployment_id: ["list_deployments", "id"],
  description: "Changed by an example",
  entity_id: ["list_usage_limit_entities", "id", { policy_usage_limits_id: ["list_usage_limits", "id"] }],
  "exact name": "Dev",
  export_id: ["list_log_exports", "id"],
  guardrail_id: "pg-short-answers",
  integration_id: "openai-main",
  invite_id: ["list_user_invites", "id"],
  label_id: ["list_prompt_labels", "id"],
  mcp_integration_id: "issue-tracker",
  mcp_server_id: "issues-production",
  metadata_key: "app",
  model: "gpt-4o",
  organisation_id: ["list_all_users", "organisation_id"],
  policy_usage_limits_id: ["list_usage_limits", "id"],
  prompt_id: "summarise-ticket",
  prompt_partial_id: "house-style",
  "provider slug": "openai-production",
  rate_limits_policy_id: ["list_rate_limits", "id"],
  scim_group_id: "scim-engineering",
  scim_workspace_group_id: ["list_scim_workspace_mappings", "id"],
  secret_reference_id: "openai-key-in-aws",
  skill: "summarise",
  slug: "openai-production",
  "other slug": "anthropic-production",
  source_prompt_id: "summarise-ticket",
  target_workspace_id: "staging",
  user_id: ["list_workspace_members", "id", { workspace_id: "production" }],
  version_id: ["list_prompt_versions", "id", { prompt_id: "summarise-ticket" }],
  workspace_id: "production",
  workspace_slug: "production",
};

/** A tool's example with real ids in the place of what stands for them. */
export async function fillExample(rig: Rig, tool: string, example: Json): Promise<Json> {
  const call = async (name: string, args: Json) =>
    jsonOf(await rig.registry.callTool(name, args, rig.caller(), link())) as Json;
  const made = await MADE[tool]?.(call, rig);
  return (await fill({ rig, values: { ...EVERYWHERE, ...TOOLS[tool], ...made } }, example)) as Json;
}

interface Filling {
  readonly rig: Rig;
  /** By placeholder. */
  readonly values: Json;
}

/** What stands for a UUID in an example. */
const NO_UUID = "00000000-0000-4000-8000-000000000000";

async function fill(filling: Filling, value: unknown, member = ""): Promise<unknown> {
  if (value === NO_UUID) return fillText(filling, `<${member}>`);
  if (typeof value === "string") return fillText(filling, value);
  if (Array.isArray(value)) return Promise.all(value.map((entry) => fill(filling, entry)));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(
    async ([name, member]) => [await fillText(filling, name), await fill(filling, member, name)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function fillText({ rig, values }: Filling, text: string): Promise<string> {
  const [, before = "", name] = /^(.*)<([^<>]+)>$/.exec(text) ?? [];
  if (name === undefined) return text;
  const stands = values[name] ?? `an-example-${name.replace(/\W/g, "-")}`;
  return `${before}${typeof stands === "string" ? stands : await lookUp(rig, stands as LookUp)}`;
}

type LookUp = readonly [tool: string, member: string, args?: Json];

async function lookUp(rig: Rig, [tool, member, args = {}]: LookUp): Promise<string> {
  // What no tool of the edition lists comes from elsewhere, such as people's ids.
  if (rig.catalogue.find(tool) === undefined) return NO_UUID;
  const filledArgs = await Promise.all(
    Object.entries(args).map(async ([name, value]) => [
      name,
      typeof value === "string" ? value : await lookUp(rig, value as LookUp),
    ]),
  );
  const body = jsonOf(await rig.registry.callTool(tool, Object.fromEntries(filledArgs), rig.caller(), link())) as Json;
  const list = (Array.isArray(body) ? body : Object.values(body).find(Array.isArray)) as readonly Json[];
  return String(list[0]?.[member]);
}

/** What stands for a placeholder in one tool. */
const CONFIG = { slug: "pc-cache" };
const INTEGRATION = { slug: "openai-main" };
const VIRTUAL_KEY = { slug: "openai-production-vk" };
const API_KEY = { id: ["list_api_keys", "id"] };
const TOOLS: Readonly<Record<string, Json>> = {
  delete_config: CONFIG,
  get_config: CONFIG,
  list_config_versions: CONFIG,
  promote_config: CONFIG,
  delete_integration: INTEGRATION,
  delete_integration_model: INTEGRATION,
  get_integration: INTEGRATION,
  list_integration_models: INTEGRATION,
  list_integration_workspaces: INTEGRATION,
  update_integration: INTEGRATION,
  update_integration_models: INTEGRATION,
  update_integration_workspaces: INTEGRATION,
  delete_virtual_key: VIRTUAL_KEY,
  get_virtual_key: VIRTUAL_KEY,
  update_virtual_key: VIRTUAL_KEY,
  delete_api_key: API_KEY,
  get_api_key: API_KEY,
  rotate_api_key: API_KEY,
  update_api_key: API_KEY,
  update_config: CONFIG,
  update_mcp_server_user_access: {
    user_id: ["list_mcp_server_user_access", "user_id", { mcp_server_id: "issues-production" }],
  },
  update_agent_integration_workspaces: { workspace_id: ["list_workspaces", "id"] },
};

type Call = (tool: string, args: Json) => Promise<Json>;

async function finishedExport(call: Call): Promise<unknown> {
  const filters = { time_of_generation_min: "2026-11-01T00:00:00Z", time_of_generation_max: "2026-11-30T00:00:00Z" };
  const { id } = await call("create_log_export", { filters, requested_data: ["id"] });
  await call("start_log_export", { export_id: id });
  await call("download_log_export", { export_id: id, wait: true });
  return id;
}

async function loggedTrace(call: Call): Promise<Json> {
  const metadata = { trace_id: "trace-1" };
  await call("insert_log", { request: { url: "https://example.com", body: {} }, response: { body: {} }, metadata });
  return { log_id: metadata.trace_id };
}

async function orgGuardrail(call: Call): Promise<Json> {
  const checks = [{ id: "default.wordCount", parameters: { minWords: 1, maxWords: 5000 } }];
  const { id } = await call("create_org_guardrail", { name: "short", checks, actions: { async: true } });
  return { guardrail_id: id };
}

/** What must be there before the example of a tool can work, as its placeholders. */
const MADE: Readonly<Record<string, (call: Call, rig: Rig) => Promise<Json>>> = {
  delete_org_guardrail: orgGuardrail,
  get_org_guardrail: orgGuardrail,
  list_org_guardrail_mcp_servers: orgGuardrail,
  replace_org_guardrail_mcp_servers: orgGuardrail,
  update_org_guardrail: orgGuardrail,
  upsert_org_guardrail_mcp_server: orgGuardrail,
  async delete_workspace(call) {
    const { id } = await call("create_workspace", { name: "Fresh" });
    return { workspace_id: id, "exact name": "Fresh" };
  },
  async download_log_export(call) {
    return { export_id: await finishedExport(call) };
  },
  async get_trace(call, rig) {
    if (rig.catalogue.find("create_log_export") === undefined) return loggedTrace(call);
    const { rows = [] } = (await call("download_log_export", {
      export_id: await finishedExport(call),
      rows: 1,
    })) as { rows?: readonly Json[] };
    return { log_id: rows[0]?.["id"] };
  },
  async update_user(call) {
    const { data } = (await call("list_all_users", {})) as { data: readonly Json[] };
    return { user_id: data.find(({ role }) => role === "admin")?.["id"] };
  },
  async update_feedback(call) {
    const { feedback_ids: [id] = [] } = (await call("create_feedback", { trace_id: "t-1", value: 1 })) as {
      feedback_ids?: string[];
    };
    return { id };
  },
};
