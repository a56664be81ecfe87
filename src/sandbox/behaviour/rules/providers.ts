/**
 * The rule for providers: the workspace must have access to the integration.
 */
import { ApiError } from "../../http/api-error.ts";
import { asObject } from "../../json.ts";
import type { Entity } from "../../state/store.ts";
import type { World } from "../../state/world.ts";
import type { Call } from "../call.ts";
import { listItems } from "../listing-sources.ts";
import type { Rule } from "./rule.ts";
import { checkLimits, storedLimits } from "./usage-limits.ts";

export const providerRule: Rule = {
  check: (call, body, provider) => {
    checkLimits(body["usage_limits"]);
    if (!provider) checkAccess(call, body["integration_id"], body["workspace_id"]);
  },
  keep: storedLimits,
};

/** The slugs of workspaces with access to an integration. */
export function findWorkspacesWithAccess(world: World, integration: Entity): string[] {
  return listItems(world, "/integrations/{}/workspaces", integration.id)
    .map(asObject)
    .filter(({ enabled }) => enabled === true)
    .map(({ id }) => String(id));
}

function checkAccess(call: Call, integrationName: unknown, workspaceName: unknown): void {
  const { world, principal } = call;
  const integration = world.store.find("/integrations", String(integrationName));
  const workspace = world.workspace(workspaceName ?? principal.workspaceId ?? world.defaultWorkspace()?.id);
  if (!integration || !workspace) return; // An error when the references are resolved.
  const slug = String(workspace.fields["slug"]);
  if (findWorkspacesWithAccess(world, integration).includes(slug)) return;
  throw new ApiError(403, `The workspace ${slug} has no access to the integration ${String(integrationName)}.`);
}
