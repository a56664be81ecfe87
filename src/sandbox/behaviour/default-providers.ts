/**
 * Default providers: created when a workspace gets access to an integration, unless the request disables that.
 */
import { ApiError } from "../http/api-error.ts";
import type { Json } from "../json.ts";
import type { Entity } from "../state/store.ts";
import { createView } from "../shapes/views.ts";
import { readObjects, type Call, type Handler } from "./call.ts";
import { createEntity } from "./collections.ts";
import { updateListing } from "./listings.ts";
import { findWorkspacesWithAccess } from "./rules/providers.ts";

const createIntegration: Handler = (call) => {
  const { create_default_provider, default_provider_slug } = call.fields;
  checkFree(call, [default_provider_slug]);
  const integration = createEntity(call, "/integrations", call.fields);
  const home = integration.fields["workspace_id"];
  if (home && create_default_provider !== false)
    createProvider(call, integration, { workspace_id: home, slug: default_provider_slug });
  return { one: createView(call.world, integration) };
};

const changeAccess: Handler = (call) => {
  const integration = call.entity();
  const own = new Map(readObjects(call.fields, "workspaces").map((item) => [call.workspaceId(item["id"]), item]));
  checkFree(
    call,
    [call.fields, ...own.values()].map((entry) => entry["default_provider_slug"]),
  );
  const before = new Set(findWorkspacesWithAccess(call.world, integration));
  const reply = updateListing(call);
  for (const slug of findWorkspacesWithAccess(call.world, integration).filter((entry) => !before.has(entry))) {
    const workspace_id = call.workspaceId(slug);
    const wanted: Json = { ...call.fields, ...own.get(workspace_id) };
    if (wanted["create_default_provider"] === false) continue;
    createProvider(call, integration, { workspace_id, slug: wanted["default_provider_slug"] });
  }
  return reply;
};

/** Creates a provider. Where several workspaces get one with the same slug, only the first has it. */
function createProvider(call: Call, integration: Entity, { workspace_id, slug }: Json): void {
  const free = typeof slug === "string" && !call.world.store.find("/providers", slug);
  const { name } = integration.fields;
  createEntity(call, "/providers", { name, workspace_id, integration_id: integration.id, ...(free && { slug }) });
}

function checkFree(call: Call, slugs: readonly unknown[]): void {
  const taken = slugs.find((slug) => typeof slug === "string" && call.world.store.find("/providers", slug));
  if (taken) throw new ApiError(400, `default_provider_slug: ${String(taken)} is taken.`);
}

export const defaultProviderHandlers: Readonly<Record<string, Handler>> = {
  "POST /integrations": createIntegration,
  "PUT /integrations/{}/workspaces": changeAccess,
};
