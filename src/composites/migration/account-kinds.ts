/** The kinds of objects in an account of the main edition, and how each can be moved to another edition. */

export interface AccountKind {
  readonly kind: string;
  /** The tool that lists the objects; the tool that makes them elsewhere is found by its path. */
  readonly list: string;
  /** Where objects are listed: for the organisation, for each workspace, or for both where each list lacks some. */
  readonly of: "organisation" | "workspace" | "both";
  /** What the owner must decide or do for every object of this kind. */
  readonly decide?: string;
  /** What to do instead, where no tool makes them; `{kind}` stands for the tool that makes that kind. */
  readonly instead?: string;
}

const BY_PEOPLE = "People, roles and workspaces are managed in Strata Cloud Manager.";
const NO_PROMPTS = "Keep the templates with the applications that use them: the gateway gets whole messages.";

/** In the order in which objects would be made: those that others refer to come first. */
export const ACCOUNT_KINDS: readonly AccountKind[] = [
  {
    kind: "secret_references",
    list: "list_secret_references",
    of: "organisation",
    decide: "Give the credentials of the secret manager again: no answer shows them.",
  },
  {
    kind: "integrations",
    list: "list_integrations",
    of: "both",
    decide: "Give the provider's key again, or name a secret reference: no answer shows it.",
  },
  { kind: "providers", list: "list_providers", of: "workspace" },
  {
    kind: "mcp_integrations",
    list: "list_mcp_integrations",
    of: "both",
    decide: "Give credentials and headers again: no answer shows them. People connect anew.",
  },
  { kind: "mcp_servers", list: "list_mcp_servers", of: "workspace" },
  {
    kind: "deployments",
    list: "list_deployments",
    of: "organisation",
    decide: "The gateway of a deployment must be set up with the new one's credentials.",
  },
  { kind: "guardrails", list: "list_guardrails", of: "workspace" },
  { kind: "configs", list: "list_configs", of: "workspace" },
  {
    kind: "api_keys",
    list: "list_api_keys",
    of: "both",
    decide: "A new key has a new secret: hand it to whoever uses the old one, before that is taken away.",
  },
  { kind: "usage_limits", list: "list_usage_limits", of: "workspace", decide: "Counting starts anew." },
  { kind: "rate_limits", list: "list_rate_limits", of: "workspace" },
  { kind: "virtual_keys", list: "list_virtual_keys", of: "workspace", instead: "{integrations}, then {providers}." },
  { kind: "prompts", list: "list_prompts", of: "workspace", instead: NO_PROMPTS },
  { kind: "partials", list: "list_prompt_partials", of: "workspace", instead: NO_PROMPTS },
  { kind: "labels", list: "list_prompt_labels", of: "workspace", instead: NO_PROMPTS },
  { kind: "collections", list: "list_collections", of: "workspace", instead: NO_PROMPTS },
  { kind: "workspaces", list: "list_workspaces", of: "organisation", instead: BY_PEOPLE },
  { kind: "users", list: "list_all_users", of: "organisation", instead: BY_PEOPLE },
  { kind: "user_invites", list: "list_user_invites", of: "organisation", instead: BY_PEOPLE },
  { kind: "scim_mappings", list: "list_scim_workspace_mappings", of: "organisation", instead: BY_PEOPLE },
  { kind: "agent_integrations", list: "list_agent_integrations", of: "both", instead: "Agents have no operations." },
  { kind: "agent_servers", list: "list_agent_servers", of: "workspace", instead: "Agents have no operations." },
  { kind: "log_exports", list: "list_log_exports", of: "workspace", instead: "Logs do not move: export them first." },
];
