/** grant_integration: grants a workspace access to an integration, with a provider that its requests can name. */
import { grantAccess } from "../access/grant-access.ts";
import { readWorkspaceNames } from "../access/workspace-names.ts";
import type { Composite } from "../composite.ts";
import { callAgainHint, withJournal } from "../steps/journal.ts";
import { readObject, asText, withoutUndefined } from "../values/portkey-values.ts";

const TOOL = "grant_integration";

export const composite: Composite<"grant-integration"> = (args, context) =>
  withJournal(context, callAgainHint(TOOL), async (journal) => {
    const { workspace_id, integration_id, provider_name, provider_slug, usage_limits, rate_limits } = args;
    const slug = integration_id as string;
    const workspace = await readWorkspaceNames(journal, workspace_id as string);
    const integration = readObject((await journal.read("get_integration", { slug })).body);
    const granted = await grantAccess(journal, {
      integration: {
        slug: asText(integration["slug"]) ?? slug,
        id: asText(integration["id"]),
        name: asText(integration["name"]),
      },
      workspace,
      provider: { name: asText(provider_name), slug: asText(provider_slug) },
      limits: withoutUndefined({ usage_limits, rate_limits }),
    });
    const facts = { integration: slug, workspace: workspace.slug, ...granted };
    if (context.dryRun)
      return { dry_run: true, action: actionName(journal.planned.length), ...facts, would_send: journal.planned };
    return { action: actionName(journal.done.length), ...facts, done: journal.done };
  });

function actionName(steps: number): string {
  return steps === 0 ? "unchanged" : "granted";
}
