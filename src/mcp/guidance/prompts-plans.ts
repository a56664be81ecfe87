/**
 * The workflows that MCP prompts return: short plans that name real tools. Apart from its arguments' values, a plan
 * reads the same for everybody.
 */

/** Where an argument's values come from, for completion. */
export type ValueSource = "prompt" | "config" | "guardrail" | "collection" | "workspace" | "api_key" | "tool";

export interface PlanArgument {
  readonly name: string;
  readonly description: string;
  readonly required?: true;
  readonly values?: ValueSource;
}

type PromptArguments = Readonly<Record<string, string>>;

export interface Plan {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly PlanArgument[];
  /** Tools that the plan cannot do without; callers that may not use one of them do not see the plan. */
  readonly needs: readonly string[];
  readonly goal: (args: PromptArguments) => string;
  readonly steps: (args: PromptArguments) => readonly string[];
}

export const PLANS: readonly Plan[] = [
  {
    name: "promote_prompt",
    title: "Promote a prompt",
    description: "Bring a prompt to another environment, checked before it goes live",
    arguments: [
      { name: "prompt", description: "Id or slug of the source prompt", required: true, values: "prompt" },
      {
        name: "workspace",
        description: "Workspace of the target collection; an admin key needs it",
        values: "workspace",
      },
      {
        name: "target_collection",
        description: "Collection of the target environment",
        required: true,
        values: "collection",
      },
      { name: "target_env", description: "Environment, such as staging or prod", required: true },
    ],
    needs: ["get_prompt", "promote_prompt", "publish_prompt", "render_prompt"],
    goal: (args) =>
      `Promote the prompt ${args["prompt"]} to ${args["target_env"]}, into the collection ` +
      `${args["target_collection"]}.`,
    steps: (args) => [
      `get_prompt ${args["prompt"]}: say which version is published, which is newest, and what the newest changes.`,
      `promote_prompt with dry_run: true, source_prompt_id ${args["prompt"]}, target_collection_id ` +
        `${args["target_collection"]}, target_env ` +
        `${args["target_env"]}${args["workspace"] === undefined ? "" : `, workspace_id ${args["workspace"]}`}. Show ` +
        "me the diff. If it says unchanged, stop here.",
      "When I agree, run promote_prompt again without dry_run and without publish. " +
        "Note the prompt's id and the new version's number.",
      "publish_prompt with that number, after asking me. Production gets it at once.",
      "render_prompt with sensible values for its variables: show that the new text is what callers get.",
      "Say how to go back: publish_prompt with the number that was published before.",
    ],
  },
  {
    name: "investigate_cost_spike",
    title: "Investigate a cost spike",
    description: "Find out what made the cost of a workspace rise, and what would bound it",
    arguments: [
      { name: "workspace", description: "Slug of the workspace", required: true, values: "workspace" },
      { name: "days", description: "Length of each window in days, default 7" },
      { name: "metadata_key", description: "Metadata key to break the cost down by, such as team" },
    ],
    needs: ["explain_cost", "get_cost_analytics"],
    goal: (args) => `Find out why the cost of the workspace ${args["workspace"]} rose, and what to do about it.`,
    steps: ({ workspace, days = "7", metadata_key: key }) => [
      `explain_cost with workspace_slug ${workspace}, days ${days}${key === undefined ? "" : `, metadata_key ${key}`}` +
        ": name the largest changes in money and in percent.",
      "get_cost_analytics over both windows: on which day did it begin, and did it end?",
      "Tell the causes apart: more requests, more tokens for each request, a dearer model, or fewer cache hits " +
        "(get_request_analytics, get_token_analytics, get_cache_hit_rate).",
      "For the largest single cause, find who is behind it: get_user_stats, or get_analytics_group by api_key or " +
        "prompt.",
      "Conclude in five lines: what, since when, who, how much, how sure you are.",
      "Propose one bound, such as a usage limit, a rate limit or a cheaper model for that prompt. " +
        "Change nothing before I agree.",
    ],
  },
  {
    name: "rotate_keys",
    title: "Rotate API keys",
    description: "Give keys new secrets without an outage, and retire those nobody uses",
    arguments: [
      { name: "workspace", description: "Slug of the workspace", required: true, values: "workspace" },
      { name: "key", description: "Id of a single key; without it all keys are looked at", values: "api_key" },
      { name: "transition_hours", description: "How long the old secret keeps working, default 24" },
    ],
    needs: ["list_api_keys", "get_api_key", "find_unused_keys", "rotate_api_key"],
    goal: (args) =>
      args["key"] === undefined
        ? `Rotate the API keys of the workspace ${args["workspace"]}.`
        : `Rotate the API key ${args["key"]} of the workspace ${args["workspace"]}.`,
    steps: (args) => [
      args["key"] === undefined
        ? "list_api_keys with all_pages: true. Show name, type, age and expiry, the oldest first."
        : `get_api_key ${args["key"]}: show its name, type, scopes and expiry.`,
      `find_unused_keys with workspace_slug ${args["workspace"]}: a key that nobody uses is to be deleted, not ` +
        "rotated. Ask me about each.",
      "Agree with me on the list and its order. Ask who runs the services that use each key.",
      `For one key at a time: rotate_api_key with key_transition_period_ms ${transitionMs(args)}. The new secret ` +
        "is shown once: give it to me at once, and keep it out of summaries, files and logs.",
      "Wait for my word that the service uses the new secret before you go on to the next key.",
      "At the end list what was rotated, when each old secret stops working, and what was left alone.",
    ],
  },
  {
    name: "onboard_workspace",
    title: "Onboard a workspace",
    description: "Set up a workspace for a team: members, providers, limits and a first key",
    arguments: [
      { name: "name", description: "Name of the workspace", required: true },
      { name: "members", description: "Email addresses, comma separated" },
      { name: "monthly_budget_usd", description: "Most the team may spend in a month" },
    ],
    needs: [
      "list_workspaces",
      "create_workspace",
      "list_all_users",
      "add_workspace_member",
      "list_integrations",
      "update_integration_workspaces",
      "create_usage_limit",
      "create_api_key",
    ],
    goal: (args) => `Set up the workspace "${args["name"]}" for a team.`,
    steps: (args) => [
      "list_workspaces: make sure that no workspace of this name or purpose exists.",
      `create_workspace named "${args["name"]}", with default metadata that tells its cost apart. Show me the dry ` +
        "run first.",
      args["members"] === undefined
        ? "Ask me who belongs to the team and who manages it; list_all_users shows who has an account."
        : `Members: ${args["members"]}. list_all_users shows who has an account: those are added with ` +
          "add_workspace_member, the others with invite_user. Ask me who manages the workspace.",
      "list_integrations: ask me which AI providers the team needs, then update_integration_workspaces for each.",
      args["monthly_budget_usd"] === undefined
        ? "Ask me for a monthly budget in US dollars, then create_usage_limit with it, by workspace, with " +
          "periodic_reset monthly and an alert at 80 percent."
        : `create_usage_limit: credit_limit ${args["monthly_budget_usd"]}, by workspace, periodic_reset monthly, an ` +
          "alert at 80 percent.",
      "create_api_key of type workspace and sub_type service with the fewest scopes that do. " +
        "The secret is shown once: give it to me at once.",
      "Sum up what exists now, with ids, and how to undo each step.",
    ],
  },
];

const HOUR_MS = 3_600_000;

function transitionMs({ transition_hours: hours }: PromptArguments): number {
  const parsedHours = Number(hours ?? 24);
  return Math.round((Number.isFinite(parsedHours) && parsedHours >= 0 ? parsedHours : 24) * HOUR_MS);
}
