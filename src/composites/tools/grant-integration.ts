/** grant_integration: a workspace's access to an integration, and the provider that its requests name. */
import { grantAccess } from "../access/grant-access.ts";
import { namesOfWorkspace } from "../access/workspace-names.ts";
import type { Composite } from "../composite.ts";
import { callAgainHint, withJournal } from "../steps/journal.ts";
import { objectIn, textOf, withoutUndefined } from "../values/portkey-values.ts";

const TOOL = "grant_integration";

export const composite: Composite<"grant-integration"> = (args, context) =>
  withJournal(context, callAgainHint(TOOL), async (journal) => {
    const { workspace_id, integration_id, provider_name, provider_slug, usage_limits, rate_limits } = args;
    const slug = integration_id as string;
    const workspace = await namesOfWorkspace(journal, workspace_id as string);
    const integration = objectIn((await journal.read("get_integration", { slug })).body);
    const granted = await grantAccess(journal, {
      integration: {
        slug: textOf(integration["slug"]) ?? slug,
        id: textOf(integration["id"]),
        name: textOf(integration["name"]),
      },
      workspace,
      provider: { name: textOf(provider_name), slug: textOf(provider_slug) },
      limits: withoutUndefined({ usage_limits, rate_limits }),
    });
    const facts = { integration: slug, workspace: workspace.slug, ...granted };
    if (context.dryRun)
      return { dry_run: true, action: actionOf(journal.planned.length), ...facts, would_send: journal.planned };
    return { action: actionOf(journal.done.length), ...facts, done: journal.done };
  });

function actionOf(steps: number): string {
  return steps === 0 ? "unchanged" : "granted";
}
