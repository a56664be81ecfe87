/**
 * The original items of derived lists, by path, and the items after changes.
 */
import { isObject, ownMember } from "../../catalog/json.ts";
import { asObject, type Json } from "../json.ts";
import { memberFields } from "../shapes/computed.ts";
import { centsPerToken, findModels } from "../traffic/models.ts";
import type { Entity } from "../state/store.ts";
import type { World } from "../state/world.ts";

type Source = (world: World, parent: Entity | undefined) => Json[];

const capabilityTypes = {
  tool: "tools",
  prompt: "prompts",
  resource: "resources",
  resource_template: "resource_templates",
} as const;

const capabilities: readonly Json[] = [
  {
    type: "tool",
    name: "search_issues",
    title: "Search issues",
    description: "Finds issues by words and state",
    input_schema: { type: "object", properties: { query: { type: "string" } } },
  },
  {
    type: "tool",
    name: "create_issue",
    title: "Create issue",
    description: "Opens an issue",
    input_schema: { type: "object", properties: { title: { type: "string" } } },
  },
  { type: "prompt", name: "triage", title: "Triage", description: "Sorts new issues by urgency" },
  {
    type: "resource",
    name: "open_issues",
    title: "Open issues",
    description: "Every open issue",
    uri: "issues://open",
    mime_type: "application/json",
  },
];

const skills: readonly Json[] = [
  { id: "summarise", name: "Summarise", description: "Shortens a text", enabled: true },
  { id: "translate", name: "Translate", description: "Turns a text into another language", enabled: true },
];

const workspaces: Source = (world) =>
  world.store
    .all("/admin/workspaces")
    .filter((entry) => !entry.archived)
    .map(({ id, fields }) => ({
      id,
      enabled: true,
      status: "active",
      usage_limits: null,
      rate_limits: null,
      created_at: fields["created_at"],
      last_updated_at: fields["last_updated_at"],
    }));

/** Workspaces identified by slug, unlike in other lists. They have no access to an integration until it is granted. */
const integrationWorkspaces: Source = (world, integration) => {
  const home = integration?.fields["workspace_id"];
  const place = changesKey("/integrations/{}/workspaces", integration?.id);
  const everywhere = asObject(world.store.document(place)["global_workspace_access"])["enabled"] === true;
  return workspaces(world, integration)
    .filter(({ id }) => !home || id === home)
    .map((item) => ({
      ...item,
      id: world.workspace(item["id"])?.fields["slug"],
      enabled: everywhere || item["id"] === home,
    }));
};

const exclusions: Source = (world) =>
  workspaces(world, undefined).map(({ id }) => ({ workspace_id: id, excluded: false }));

const users: Source = (world, server) =>
  findMembers(world, server).map((member, index) => {
    const { first_name, last_name } = memberFields(member, world);
    const fallback =
      world.store.document(changesKey(`${server?.kind ?? ""}/{}/user-access`, server?.id))["default_user_access"] ??
      "allow";
    return {
      user_id: member.id,
      first_name,
      last_name,
      enabled: fallback === "allow",
      has_override: false,
      connection_status: index < 2 ? "connected" : "not_connected",
    };
  });

const withTimestamps = (items: readonly Json[], parent: Entity | undefined): Json[] =>
  items.map((item) => ({
    ...item,
    enabled: true,
    created_at: parent?.fields["created_at"],
    last_updated_at: parent?.fields["last_updated_at"],
  }));

export const derivedItems: Readonly<Record<string, Source>> = {
  "/agent-integrations/{}/skills": () => [...skills],
  "/agent-integrations/{}/workspaces": workspaces,
  "/agent-servers/{}/skills": () => [...skills],
  "/agent-servers/{}/user-access": users,
  "/integrations/{}/models": (_world, integration) =>
    findModels(String(integration?.fields["ai_provider_id"])).map((model) => {
      const [request, response] = centsPerToken(model);
      return {
        slug: model.slug,
        name: model.slug,
        enabled: true,
        is_custom: false,
        is_finetune: false,
        base_model_slug: null,
        pricing_config: {
          type: "static",
          pay_as_you_go: { request_token: { price: request }, response_token: { price: response } },
        },
      };
    }),
  "/integrations/{}/workspaces": integrationWorkspaces,
  "/mcp-integrations/{}/capabilities": (_world, integration) => withTimestamps(capabilities, integration),
  "/mcp-integrations/{}/workspaces": workspaces,
  "/mcp-servers/{}/capabilities": (world, server) =>
    listItems(world, "/mcp-integrations/{}/capabilities", findIntegrationId(world, server))
      .map(asObject)
      .map((item) => ({ ...item, integration_enabled: item["enabled"] })),
  "/mcp-servers/{}/connections": (world, server) =>
    findMembers(world, server)
      .slice(0, 2)
      .map(({ id, fields }) => ({
        user_id: id,
        connected: true,
        created_at: fields["created_at"],
        last_updated_at: fields["last_updated_at"],
      })),
  "/mcp-servers/{}/user-access": users,
  "/workspace-exclusions/input-guardrails": exclusions,
  "/workspace-exclusions/output-guardrails": exclusions,
};

function capabilityCounts(items: readonly Json[]): Json {
  const counted = Object.entries(capabilityTypes).map(([type, name]) => {
    const ofType = items.filter((item) => item["type"] === type);
    return [name, { total: ofType.length, enabled: ofType.filter((item) => item["enabled"] === true).length }];
  });
  return { counts: Object.fromEntries(counted) };
}

/** Fields beside the items: computed from the items, or constant. */
export const extraMembers: Readonly<Record<string, (items: readonly Json[]) => Json>> = {
  "/integrations/{}/models": () => ({ allow_all_models: true }),
  "/mcp-integrations/{}/capabilities": capabilityCounts,
  "/mcp-servers/{}/capabilities": capabilityCounts,
};

/** The items of a list under a parent, with changes applied. */
export function listItems(world: World, path: string, parentId: string | undefined): unknown[] {
  const parent =
    parentId === undefined ? undefined : world.store.find(path.slice(0, path.lastIndexOf("/{}")), parentId);
  const changes = new Map(world.store.changes(changesKey(path, parentId)));
  const items: unknown[] = [];
  for (const item of ownMember(derivedItems, path)?.(world, parent) ?? []) {
    const key = itemKey(item);
    const change = changes.get(key);
    changes.delete(key);
    if (change !== null) items.push(change ? { ...item, ...change, has_override: true } : item);
  }
  for (const change of changes.values()) if (change) items.push("value" in change ? change["value"] : change);
  return items;
}

/** The store's key for the changes to a list under a parent. */
export function changesKey(path: string, parentId: string | undefined): string {
  return parentId === undefined ? path : `${path}#${parentId}`;
}

/** The key that identifies an item in its list. */
export function itemKey(item: unknown): string {
  if (!isObject(item)) return String(item);
  const id = item["slug"] ?? item["id"] ?? item["user_id"] ?? item["workspace_id"];
  return id === undefined ? `${String(item["type"])}:${String(item["name"])}` : String(id);
}

function findMembers(world: World, server: Entity | undefined): Entity[] {
  const workspace = server?.fields["workspace_id"];
  return typeof workspace === "string" ? world.store.all("/admin/workspaces/{}/users", workspace) : [];
}

function findIntegrationId(world: World, server: Entity | undefined): string | undefined {
  const reference = server?.fields["mcp_integration_id"];
  return typeof reference === "string" ? world.store.find("/mcp-integrations", reference)?.id : undefined;
}
