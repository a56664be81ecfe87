/**
 * Fields of answers that are computed from other resources, by kind.
 */
import { asObject, without, type Json } from "../json.ts";
import type { Entity } from "../state/store.ts";
import { computeUsage } from "../behaviour/policy-usage.ts";
import { shortHash } from "../state/ids.ts";
import type { World } from "../state/world.ts";

type ComputeField = (entity: Entity, world: World) => unknown;

const members = "/admin/workspaces/{}/users";

const memberFieldNames = [
  "first_name",
  "last_name",
  "email",
  "org_role",
  "workspace_id",
  "scopes",
  "status",
  "settings",
];

function memberField(name: string): ComputeField {
  return (member, world) => memberFields(member, world)[name];
}

const secretOfLogin = /access_key|client_secret|secret_id|token$/;

const ownership: ComputeField = (entity) => (entity.fields["workspace_id"] ? "workspace" : "organisation");

/** Computes a field of the resource that `reference` refers to. */
function computeRelated(reference: string, kind: string, field: string): ComputeField {
  return (entity, world) => findRelated(world, kind, entity.fields[reference])?.fields[field];
}

export const computedFields: Readonly<Record<string, Readonly<Record<string, ComputeField>>>> = {
  "/admin/users": {
    workspace_ids: (user, world) =>
      world.store
        .all(members)
        .filter((entry) => entry.id === user.id)
        .map((entry) => entry.parent),
  },
  "/admin/users/invites": {
    invited_by: (invite) => invite.fields["owner_id"],
  },
  "/admin/workspaces": {
    // Portkey returns the name with the icon in front.
    name: ({ fields }) => [fields["icon"], fields["name"]].filter(Boolean).join(" "),
    defaults: ({ fields }) => {
      const stored = fields["defaults"] as Json | null | undefined;
      if (stored === null) return null;
      return { metadata: {}, is_default: 0, object: "workspace", ...stored };
    },
    users: (workspace, world) => world.store.all(members, workspace.id).map((member) => memberFields(member, world)),
  },
  [members]: Object.fromEntries(memberFieldNames.map((name) => [name, memberField(name)])),
  "/api-keys": {
    key: (key, world) => world.keys.masked(key),
    allow_config_override: ({ fields }) => {
      const allowed = asObject(fields["defaults"])["allow_config_override"];
      return allowed === undefined || allowed === null ? null : Number(allowed);
    },
    defaults: ({ fields }) =>
      fields["defaults"] ? without(asObject(fields["defaults"]), "allow_config_override") : fields["defaults"],
  },
  "/collections": {
    child_collections: (collection, world) =>
      findChildren(collection, world).map((child) => ({
        id: child.id,
        name: child.fields["name"],
        last_updated_at: child.fields["last_updated_at"],
        collection_details: collectionDetails(child, world),
      })),
    collection_details: collectionDetails,
  },
  "/integrations": {
    allow_all_models: (integration, world) => allowsAllModels(world, integration.id),
    masked_key: (integration) => `***${shortHash(integration.id, 4)}`,
    type: ownership,
  },
  "/agent-integrations": { type: ownership },
  "/labels": {
    is_universal: (label) => !label.fields["workspace_id"],
  },
  "/mcp-integrations": {
    type: ownership,
    workspaces_count: (integration, world) => {
      if (integration.fields["workspace_id"]) return 1;
      const workspaces = world.store.all("/admin/workspaces");
      return workspaces.filter((entry) => !entry.archived).length;
    },
  },
  "/mcp-servers": {
    auth_type: computeRelated("mcp_integration_id", "/mcp-integrations", "auth_type"),
    mcp_integration_slug: computeRelated("mcp_integration_id", "/mcp-integrations", "slug"),
    mcp_integration_url: computeRelated("mcp_integration_id", "/mcp-integrations", "url"),
    mcp_integration_details: (server, world) => {
      const integration = findRelated(world, "/mcp-integrations", server.fields["mcp_integration_id"]);
      return integration ? { id: integration.id, ...integration.fields, configurations: null } : null;
    },
    url: (server) => `https://mcp.sandbox.example/${String(server.fields["slug"])}/mcp`,
    workspace_name: computeRelated("workspace_id", "/admin/workspaces", "name"),
    workspace_slug: computeRelated("workspace_id", "/admin/workspaces", "slug"),
  },
  "/policies/usage-limits": {
    value_key_usage_map: (policy, world) =>
      Object.fromEntries(
        computeUsage(world, policy).map(({ valueKey, usage, status }) => [
          valueKey,
          {
            current_usage: usage,
            status,
            is_threshold_alerts_sent: false,
            is_exhausted_alerts_sent: status === "exhausted",
          },
        ]),
      ),
  },
  "/scim/workspaces": {
    scim_group: ({ fields }) => fields["scim_group"] ?? fields["scim_group_id"],
    scim_group_id: ({ fields }) => fields["scim_group_id"] ?? `scim-${shortHash(String(fields["scim_group"]))}`,
  },
  "/secret-references": {
    allowed_workspaces: ({ fields }) => fields["allowed_workspaces"] ?? [],
    auth_config: ({ fields }) => maskCredentials(asObject(fields["auth_config"])),
  },
};

/** A membership with the fields of its user. */
export function memberFields(member: Entity, world: World): Json {
  const user = world.store.find("/admin/users", member.id)?.fields ?? {};
  const { first_name, last_name, email, role } = user;
  return {
    settings: null,
    scopes: [],
    status: "active",
    first_name,
    last_name,
    email,
    org_role: role,
    ...member.fields,
    id: member.id,
    workspace_id: member.parent,
    object: "workspace-user",
  };
}

/** Credentials in answers: secrets are masked and renamed to `masked_…`. */
function maskCredentials(login: Json): Json {
  const entries = Object.entries(login).map(([name, value]) =>
    secretOfLogin.test(name) ? [`masked_${name}`, "***"] : [name, value],
  );
  return Object.fromEntries(entries) as Json;
}

/** Whether every model of an integration is allowed, also future ones; true by default. */
export function allowsAllModels(world: World, integrationId: string): boolean {
  return world.store.document(`/integrations/{}/models#${integrationId}`)["allow_all_models"] !== false;
}

function findRelated(world: World, kind: string, reference: unknown): Entity | undefined {
  return typeof reference === "string" ? world.store.find(kind, reference) : undefined;
}

function findChildren(collection: Entity, world: World): Entity[] {
  return world.store
    .all("/collections")
    .filter((entry) => !entry.archived && entry.fields["parent_collection_id"] === collection.id);
}

function collectionDetails(collection: Entity, world: World): Json {
  const inside = findChildren(collection, world);
  const prompts = world.store
    .all("/prompts")
    .filter((entry) => !entry.archived && entry.fields["collection_id"] === collection.id);
  const newest = (entities: Entity[]) =>
    entities
      .map((entry) => String(entry.fields["last_updated_at"]))
      .sort()
      .at(-1) ?? null;
  return {
    child_collections_count: inside.length,
    prompts_count: prompts.length,
    child_collections_last_updated_at: newest(inside),
    prompts_last_updated_at: newest(prompts),
  };
}
