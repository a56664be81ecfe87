/**
 * MCP integrations and servers, agents and deployments: connection tests, synchronisation and metadata.
 */
import { setMembers } from "../../catalog/json.ts";
import type { Handler, Call } from "./call.ts";
import { asObject, type Json } from "../json.ts";
import { takePage } from "../shapes/paging.ts";
import { createView, createJsonView } from "../shapes/views.ts";

const protocolVersion = "2025-11-25";

/** A handler of connection tests, which always succeed. */
const createProbe =
  (target: (call: Call) => Json): Handler =>
  (call) => ({
    one: createJsonView(call.values[0] ?? call.operation.key, {
      success: true,
      status_code: 200,
      response_time_ms: 42,
      error: null,
      ...target(call),
    }),
  });

const describeTarget = (call: Call): Json => {
  const view = createView(call.world, call.entity());
  return { url: view.get("mcp_integration_url") ?? view.get("url") ?? null, server_name: view.get("name") };
};

const metadata: Handler = (call) => {
  const view = createView(call.world, call.entity());
  const synced = call.world.store.document(`sync of ${view.id}`);
  return {
    one: createJsonView(view.id, {
      server_name: view.get("name"),
      server_version: "1.0.0",
      protocol_version: protocolVersion,
      capability_flags: { tools: true, prompts: true, resources: true },
      sync_status: "success",
      last_synced_at: view.get("created_at"),
      sync_error: null,
      ...synced,
    }),
  };
};

const sync: Handler = (call) => {
  const entity = call.entity();
  const info = asObject(call.fields["server_info"]);
  const serverFields = {
    server_name: info["name"],
    server_version: info["version"],
    protocol_version: info["protocol_version"],
  };
  const known = Object.entries(serverFields).filter(([, value]) => value !== undefined);
  setMembers(call.world.store.document(`sync of ${entity.id}`), {
    ...Object.fromEntries(known),
    last_synced_at: call.world.timestamp(),
    sync_status: "success",
  });
  return {
    one: createJsonView(entity.id, { success: true, sync_status: "success", last_synced_at: call.world.timestamp() }),
  };
};

const agentCard: Handler = (call) => ({
  one: createJsonView("card", {
    name: "Sandbox agent",
    description: "An agent that is not there",
    url: call.fields["endpoint"],
    version: "1.0.0",
    capabilities: { streaming: true },
    skills: [{ id: "summarise", name: "Summarise" }],
  }),
});

const readDeployment: Handler = (call) => {
  const deployment = call.entity();
  const shown =
    call.query["include_credentials"] === "true" ? { credentials: deployment.fields["credentials"] ?? {} } : {};
  return { one: createView(call.world, deployment, undefined, shown) };
};

/** The list of the public MCP registry, with the registry's form of names, paged by cursor. */
const registry: Handler = (call) => {
  const words = (call.query["search"] ?? "").toLowerCase();
  const workspace = call.query["workspace_id"] === undefined ? undefined : call.workspaceId(call.query["workspace_id"]);
  const servers = call.world.store
    .all("/mcp-servers")
    .filter(
      ({ archived, fields }) =>
        !archived &&
        String(fields["name"]).toLowerCase().includes(words) &&
        (workspace === undefined || fields["workspace_id"] === workspace) &&
        (!call.principal.workspaceId || fields["workspace_id"] === call.principal.workspaceId),
    );
  const limit = Number(call.query["limit"] ?? 30) || 30;
  const start = Number(call.query["cursor"] ?? 0) || 0;
  const entries = servers.slice(start, start + limit).map((server) => ({
    server: {
      name: `sandbox.example/${String(server.fields["slug"])}`,
      title: server.fields["name"],
      description: server.fields["description"] ?? "",
      version: "1.0.0",
      remotes: [{ type: "streamable-http", url: createView(call.world, server).get("url") }],
    },
  }));
  const next = start + limit < servers.length ? { nextCursor: String(start + limit) } : {};
  return { one: createJsonView("registry", { servers: entries, metadata: { count: entries.length, ...next } }) };
};

/** The groups of an identity provider: those that are mapped, and two more. */
const scimGroups: Handler = (call) => {
  const mapped = call.world.store.all("/scim/workspaces").map((mapping) => createView(call.world, mapping));
  const groups = [
    ...mapped.map((view) => [view.get("scim_group_id"), view.get("scim_group")]),
    ["scim-engineering", "Engineering"],
    ["scim-support", "Support"],
  ];
  const distinct = [...new Map(groups.map(([id, name]) => [String(id), String(name)]))];
  return {
    page: takePage(
      call,
      distinct.map(([id, name]) => createJsonView(id, { id, display_name: name, object: "scim-group" })),
    ),
  };
};

export const integrationHandlers: Readonly<Record<string, Handler>> = {
  "POST /agent-integrations/fetch-agent-card": agentCard,
  "POST /agent-servers/{}/test": createProbe(describeTarget),
  "GET /deployments/{}": readDeployment,
  "GET /deployments/{}/ping": createProbe(() => ({ status: "healthy" })),
  "GET /mcp-integrations/{}/metadata": metadata,
  "POST /mcp-integrations/{}/sync": sync,
  "POST /mcp-integrations/{}/test": createProbe(describeTarget),
  "GET /mcp-servers/{}/metadata": metadata,
  "POST /mcp-servers/{}/test": createProbe(describeTarget),
  "GET /scim/groups": scimGroups,
  "GET /v0.1/servers": registry,
};
