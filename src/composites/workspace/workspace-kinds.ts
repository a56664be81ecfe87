/** The kinds of objects in a workspace's export: the tools that read them, and the members to keep. */
import type { Json } from "../../catalog/json.ts";
import { withoutUndefined, isUnset, parseObject } from "../values/portkey-values.ts";

export interface WorkspaceKind {
  /** Its member in the export, and its name in the argument `kinds`. */
  readonly kind: string;
  readonly list: string;
  readonly paged: boolean;
  /** The list also has the organisation's objects, which have no workspace id. */
  readonly shared?: true;
  /** The tool that reads one in full, its argument, and the members of the row that may hold its value. */
  readonly get?: { readonly tool: string; readonly argument: string; readonly from: readonly string[] };
}

/** In the order in which an import would create them. */
export const WORKSPACE_KINDS: readonly WorkspaceKind[] = [
  { kind: "collections", list: "list_collections", paged: true },
  { kind: "labels", list: "list_prompt_labels", paged: true, shared: true },
  {
    kind: "partials",
    list: "list_prompt_partials",
    paged: false,
    get: { tool: "get_prompt_partial", argument: "prompt_partial_id", from: ["id", "slug"] },
  },
  {
    kind: "prompts",
    list: "list_prompts",
    paged: true,
    get: { tool: "get_prompt", argument: "prompt_id", from: ["id", "slug"] },
  },
  {
    kind: "guardrails",
    list: "list_guardrails",
    paged: true,
    shared: true,
    get: { tool: "get_guardrail", argument: "guardrail_id", from: ["id", "slug"] },
  },
  {
    kind: "configs",
    list: "list_configs",
    paged: false,
    get: { tool: "get_config", argument: "slug", from: ["slug", "id"] },
  },
  { kind: "usage_limits", list: "list_usage_limits", paged: true, shared: true },
  { kind: "rate_limits", list: "list_rate_limits", paged: true, shared: true },
];

export const KIND_NAMES: readonly string[] = WORKSPACE_KINDS.map(({ kind }) => kind);

/** Members left out of an export: authors, times, counters, and ids of the owner. */
const BOOKKEEPING = new Set([
  "created_at",
  "last_updated_at",
  "created_by",
  "updated_by",
  "owner_id",
  "organisation_id",
  "workspace_id",
  "object",
  "success",
  "prompt_version_id",
  "prompt_version_status",
  "prompt_partial_version_id",
  "version_id",
  "value_key_usage_map",
  "next_usage_reset_at",
  "last_reset_at",
  "collection_details",
  "child_collections",
  "is_universal",
]);

/** Fields that identify an item, and so differ between copies. */
export const IDENTITY = new Set([
  "id",
  "slug",
  "collection_id",
  "parent_collection_id",
  "prompt_version",
  "version",
  "version_description",
  "prompt_version_description",
]);

/** The member that marks an object of the organisation that the workspace can see. */
export const BELONGS_TO = "belongs_to";

/** An item of an export: its row and its details in one object, without BOOKKEEPING and unset fields. */
export function toExportedItem(
  { shared }: Pick<WorkspaceKind, "shared">,
  row: Json,
  detail: Json,
  collectionNames: ReadonlyMap<unknown, unknown>,
): Json {
  const whole = { ...row, ...detail };
  const config = parseObject(whole["config"]);
  const content = Object.entries({ ...whole, ...(config && { config }) }).filter(
    ([name, value]) => !BOOKKEEPING.has(name) && !isUnset(value),
  );
  const collection = collectionNames.get(whole["collection_id"]);
  const isOrganisations = shared === true && isUnset(whole["workspace_id"]);
  return {
    ...Object.fromEntries(content),
    ...withoutUndefined({ collection }),
    ...(isOrganisations && { [BELONGS_TO]: "organisation" }),
  };
}
