/** What a workspace's export holds: per kind, which tools read it and what of their answers is content. */
import type { Json } from "../../catalog/json.ts";
import { withoutUndefined, isUnset, parsedObject } from "../values/portkey-values.ts";

export interface WorkspaceKind {
  /** Its member in the export, and what `kinds` calls it. */
  readonly kind: string;
  readonly list: string;
  readonly paged: boolean;
  /** The list holds what is the organisation's too, which names no workspace. */
  readonly shared?: true;
  /** The tool that gives one of them whole, the argument that names it, and which of the row's fields that is. */
  readonly get?: { readonly tool: string; readonly argument: string; readonly from: readonly string[] };
}

/** In the order in which an import would have to create them. */
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

/** Who made it and when, what it was counted up to, and where it belongs: nothing that an export is for. */
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

/** Fields that identify an item, and so differ between two items of the same content. */
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

/** The member that marks what is the organisation's, and only seen by the workspace. */
export const BELONGS_TO = "belongs_to";

/** One item of an export: its row and its whole answer in one object, without bookkeeping and unset fields. */
export function exportedItem(
  { shared }: Pick<WorkspaceKind, "shared">,
  row: Json,
  detail: Json,
  collectionNames: ReadonlyMap<unknown, unknown>,
): Json {
  const whole = { ...row, ...detail };
  const config = parsedObject(whole["config"]);
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
