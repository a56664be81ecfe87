/**
 * The properties of kinds of resources. A kind that is not listed belongs to a workspace and has the defaults.
 */
import { ownMember } from "../../catalog/json.ts";
import type { Json } from "../json.ts";

export interface Resource {
  /** The value of `object` in answers. */
  readonly object?: string;
  /** The prefix of generated slugs; without it a slug is made from the name alone. */
  readonly slugPrefix?: string;
  /** The owner. `either`: the organisation unless the body has a workspace. */
  readonly scope?: "workspace" | "either" | "organisation";
  /** Default fields of a new resource. */
  readonly initial?: Json;
  /** Whether a deleted one can still be listed and read with `status=archived`. */
  readonly archives?: true;
  /** Body fields with another name in answers. */
  readonly renames?: Readonly<Record<string, string>>;
  /** The error for a missing resource; default: 404 AB02. */
  readonly missing?: { readonly status: 403 | 404; readonly errorCode: string };
  /** Body fields that trigger an action and are not stored. */
  readonly orders?: readonly string[];
}

const standard: Resource = {};

const resources: Readonly<Record<string, Resource>> = {
  "/admin/users": { object: "user", scope: "organisation", initial: { role: "member" } },
  "/admin/users/invites": { object: "invite", scope: "organisation", initial: { status: "pending" } },
  "/admin/workspaces": {
    object: "workspace",
    slugPrefix: "ws",
    scope: "organisation",
    archives: true,
    // The API has the same error for a missing workspace and for one of somebody else.
    missing: { status: 403, errorCode: "AB03" },
    orders: ["users"],
  },
  "/admin/workspaces/{}/users": { object: "workspace-user", initial: { role: "member" } },
  "/agent-integrations": { object: "agent-integration", scope: "either" },
  "/agent-servers": { object: "agent-server" },
  "/api-keys": { object: "api-key", scope: "either", initial: { creation_mode: "api" }, orders: ["reset_usage"] },
  "/collections": { object: "collection", initial: { is_default: 0, parent_collection_id: null } },
  "/configs": { object: "config", slugPrefix: "pc", initial: { is_default: 0 }, renames: { isDefault: "is_default" } },
  "/deployments": {
    object: "deployment",
    scope: "organisation",
    initial: { is_default: false },
    orders: ["rotate_auth", "override_existing"],
  },
  "/guardrails": { object: "guardrail", slugPrefix: "pg", scope: "either" },
  "/integrations": {
    object: "integration",
    scope: "either",
    orders: ["create_default_provider", "default_provider_slug"],
  },
  "/labels": { object: "label", scope: "either" },
  "/logs/exports": { object: "export", initial: { status: "draft", description: "" } },
  "/mcp-integrations": { object: "mcp-integration", scope: "either" },
  "/mcp-servers": { object: "mcp-server" },
  "/policies/rate-limits": { object: "policy", archives: true },
  "/policies/usage-limits": { object: "policy", archives: true, orders: ["reset_usage_for_value"] },
  "/prompts": {
    object: "prompt",
    slugPrefix: "pp",
    renames: { prompt_metadata: "template_metadata" },
    orders: ["patch"],
  },
  "/prompts/partials": { object: "partial", slugPrefix: "pl", renames: { description: "version_description" } },
  "/providers": { object: "provider", orders: ["reset_usage"] },
  "/scim/workspaces": { object: "scim-mapping", scope: "either", renames: { scim_group_name: "scim_group" } },
  "/secret-references": {
    object: "secret-reference",
    scope: "organisation",
    initial: { status: "ACTIVE", allow_all_workspaces: true },
    missing: { status: 404, errorCode: "AB08" },
  },
  "/virtual-keys": { object: "virtual-key" },
};

export function findResource(kind: string): Resource {
  return ownMember(resources, kind) ?? standard;
}

/** Body fields that refer to another resource, with its kind; a missing one is an error. */
export const references: Readonly<Record<string, string>> = {
  agent_integration_id: "/agent-integrations",
  collection_id: "/collections",
  integration_id: "/integrations",
  label_id: "/labels",
  mcp_integration_id: "/mcp-integrations",
  parent_collection_id: "/collections",
};
