/**
 * The kinds of objects that have ids and names: the list of each kind, and the fields that hold its ids.
 * The kind of a field follows from its name, that of a path parameter from its position in the path.
 */
import type { Argument, ToolRecord } from "../../catalog/record.ts";

export type KindName = keyof typeof LISTS;

/** The path of the list of each kind. */
const LISTS = {
  workspace: "/admin/workspaces",
  user: "/admin/users",
  invitation: "/admin/users/invites",
  collection: "/collections",
  integration: "/integrations",
  config: "/configs",
  "API key": "/api-keys",
  "virtual key": "/virtual-keys",
  provider: "/providers",
  prompt: "/prompts",
  partial: "/prompts/partials",
  label: "/labels",
  guardrail: "/guardrails",
  "usage limit": "/policies/usage-limits",
  "rate limit": "/policies/rate-limits",
  "MCP integration": "/mcp-integrations",
  "MCP server": "/mcp-servers",
  "agent integration": "/agent-integrations",
  "agent server": "/agent-servers",
  "secret reference": "/secret-references",
  deployment: "/deployments",
} as const;

/** The kind by the name of a field, in arguments and answers. Plurals hold several ids. */
const FIELDS: ReadonlyMap<string, KindName> = new Map<string, KindName>([
  ...named("workspace", "workspace_id", "workspace_slug", "workspace_ids", "target_workspace_id"),
  ...named("workspace", "workspaces", "allowed_workspaces"),
  ...named("user", "user_id", "user_ids", "users", "created_by", "updated_by", "owner_id", "invited_by"),
  ...named("collection", "collection_id", "parent_collection_id", "target_collection_id"),
  ...named("integration", "integration_id", "integration_ids", "integrations"),
  ...named("config", "config_id", "configs", "user_api_key_config"),
  ...named("API key", "api_key_id", "api_key_ids"),
  ...named("virtual key", "virtual_key", "virtual_keys"),
  ...named("prompt", "prompt_id", "prompt_slug", "source_prompt_id"),
  ...named("partial", "prompt_partial_id"),
  ...named("label", "label_id"),
  ...named("guardrail", "guardrail_id", "input_guardrails", "output_guardrails"),
  ...named("MCP integration", "mcp_integration_id"),
  ...named("MCP server", "mcp_server_id"),
  ...named("agent integration", "agent_integration_id"),
  ...named("agent server", "agent_server_id"),
  ...named("secret reference", "secret_reference_id"),
]);

/** The kind of arguments of composites whose name alone is ambiguous, by domain and name. */
const OWN: ReadonlyMap<string, KindName> = new Map<string, KindName>([
  ["workspaces.source", "workspace"],
  ["workspaces.target", "workspace"],
  ["configs.slug", "config"],
]);

/** Arguments that take only an object's slug. */
const BY_SLUG = /(^|_)slugs?$|^virtual_keys?$|^(?:configs|workspaces|integration_id|integrations)$/;

function named(kind: KindName, ...fields: readonly string[]): (readonly [string, KindName])[] {
  return fields.map((field) => [field, kind] as const);
}

/** The kind of object whose id a field of this name holds; undefined for other fields. */
export function kindOfField(name: string): KindName | undefined {
  return FIELDS.get(name);
}

/** The kind of object whose id an argument holds. `argument` is undefined where the record does not declare it. */
export function kindOfArgument(
  record: Pick<ToolRecord, "path" | "domain">,
  name: string,
  argument: Pick<Argument, "place" | "api"> | undefined,
): KindName | undefined {
  if (argument?.place === "path") return kindInPath(record.path ?? "", argument.api) ?? FIELDS.get(name);
  if (argument?.place === "own") return OWN.get(`${record.domain}.${name}`) ?? FIELDS.get(name);
  if (argument?.place === "query" && (name === "id" || name === "ids")) return kindListedAt(record.path);
  return FIELDS.get(name);
}

/** The kind by the path before the parameter: for `slug` in `/configs/{slug}/versions`, that of `/configs`. */
function kindInPath(path: string, parameter: string): KindName | undefined {
  const at = path.indexOf(`/{${parameter}}`);
  return at < 0 ? undefined : kindListedAt(path.slice(0, at));
}

function kindListedAt(path: string | undefined): KindName | undefined {
  return (Object.keys(LISTS) as KindName[]).find((kind) => LISTS[kind] === path);
}

/** The tool that lists all objects of a kind; undefined where the edition has none. */
export function listOf(records: readonly ToolRecord[], kind: KindName): ToolRecord | undefined {
  return records.find(({ method, path, base }) => method === "GET" && base === "control" && path === LISTS[kind]);
}

/** The tool that lists the possible values of an argument: GET of the path before it, else the list of its kind. */
export function listForArgument(
  records: readonly ToolRecord[],
  record: ToolRecord,
  argument: Argument,
): ToolRecord | undefined {
  const at = argument.place === "path" ? (record.path ?? "").indexOf(`/{${argument.api}}`) : -1;
  const above = at < 0 ? undefined : record.path?.slice(0, at);
  const inPath = records.find(
    ({ method, path, base }) => above !== undefined && method === "GET" && base === record.base && path === above,
  );
  if (inPath !== undefined) return inPath;
  const kind = kindOfArgument(record, argument.name, argument);
  return kind && listOf(records, kind);
}

/** Whether an argument of this name takes the slug of an object that has an id too. */
export function goesBySlug(argument: string): boolean {
  return BY_SLUG.test(argument);
}

/** Every kind, for tables over all of them. */
export const KIND_NAMES = Object.keys(LISTS) as readonly KindName[];
