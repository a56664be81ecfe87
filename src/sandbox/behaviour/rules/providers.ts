/**
 * Providers: made only of an integration that their workspace may use.
 */
import { ApiError } from "../../http/api-error.ts";
import { objectOf } from "../../json.ts";
import type { Entity } from "../../state/store.ts";
import type { World } from "../../state/world.ts";
import type { Call } from "../call.ts";
import { itemsAt } from "../listing-sources.ts";
import type { Rule } from "./rule.ts";
import { checkLimits, keptLimits } from "./usage-limits.ts";

export const providerRule: Rule = {
  check: (call, body, provider) => {
    checkLimits(body["usage_limits"]);
    if (!provider) checkAccess(call, body["integration_id"], body["workspace_id"]);
  },
  keep: keptLimits,
};

/** Slugs of the workspaces that may use an integration. */
export function workspacesWithAccess(world: World, integration: Entity): string[] {
  return itemsAt(world, "/integrations/{}/workspaces", integration.id)
    .map(objectOf)
    .filter(({ enabled }) => enabled === true)
    .map(({ id }) => String(id));
}

function checkAccess(call: Call, integrationName: unknown, workspaceName: unknown): void {
  const { world, principal } = call;
  const integration = world.store.find("/integrations", String(integrationName));
  const workspace = world.workspace(workspaceName ?? principal.workspaceId ?? world.defaultWorkspace()?.id);
  if (!integration || !workspace) return; // Refused where references are resolved.
  const slug = String(workspace.fields["slug"]);
  if (workspacesWithAccess(world, integration).includes(slug)) return;
  throw new ApiError(403, `The workspace ${slug} has no access to the integration ${String(integrationName)}.`);
}
