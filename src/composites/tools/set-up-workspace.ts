/**
 * set_up_workspace: a workspace by exact name with limits, members, providers and a key; what is there already is found
 * and not made again. The key comes last: its secret is shown once, and no later step can fail and hide it.
 */
import type { Json } from "../../catalog/json.ts";
import { withoutIcon } from "../../portkey/names/named-objects.ts";
import { grantAccess, holds, type Grant, type WorkspaceNames } from "../access/grant-access.ts";
import type { ArgumentsOf, Composite } from "../composite.ts";
import { setMembers } from "../people/members.ts";
import { itemNamed } from "../steps/find-by-name.ts";
import { callAgainHint, withJournal, type Journal } from "../steps/journal.ts";
import { refuseBlank } from "../values/check-arguments.ts";
import { membersOf, objectIn, objectsIn, textOf, withoutUndefined } from "../values/portkey-values.ts";

const TOOL = "set_up_workspace";
const page = { current_page: 0, page_size: 100 };
/** Stands in a dry run for what is made by then. */
const PLANNED: WorkspaceNames = { id: "<the new workspace>", slug: "<the new workspace>", planned: true };

export const composite: Composite<"set-up-workspace"> = (args, context) =>
  withJournal(context, callAgainHint(TOOL), async (journal) => {
    refuseBlank(TOOL, args, ["name"]);
    // What is named wrongly is found before anything is made.
    const wanted = await integrationsNamed(journal, args.integrations ?? []);
    const { workspace, made } = await workspaceNamed(journal, args, context.dryRun);
    const members = await setMembers(journal, workspace, args.members ?? []);
    const integrations = await grantAll(journal, workspace, wanted);
    const apiKey = await keyNamed(journal, workspace, membersOf(args.api_key));
    const facts = {
      ...(workspace.planned ? {} : { workspace_id: workspace.id, slug: workspace.slug }),
      members,
      ...(integrations.length > 0 && { integrations }),
      ...(apiKey && { api_key: apiKey }),
    };
    const steps = context.dryRun ? journal.planned.length : journal.done.length;
    const action = actionOf(made, steps);
    if (context.dryRun) return { dry_run: true, action, ...facts, would_send: journal.planned };
    return { action, ...facts, done: journal.done };
  });

function actionOf(made: boolean, steps: number): string {
  if (made) return "created";
  return steps > 0 ? "updated" : "unchanged";
}

/** The workspace of that name, with the settings that are asked for; made where there is none. */
async function workspaceNamed(
  journal: Journal,
  args: ArgumentsOf<"set-up-workspace">,
  dryRun: boolean,
): Promise<{ readonly workspace: WorkspaceNames; readonly made: boolean }> {
  const { name, description, usage_limits, rate_limits } = args;
  const settings = withoutUndefined({ description, usage_limits, rate_limits });
  const row = await findNamed(journal, name);
  if (row === undefined) {
    const answer = await journal.write("create_workspace", { name, ...settings }, ({ body }) =>
      withoutUndefined({ workspace_id: objectIn(body)["id"] }),
    );
    if (dryRun) return { workspace: PLANNED, made: true };
    return { workspace: await namesIn(journal, objectIn(answer?.body), name), made: true };
  }
  const workspace = await namesIn(journal, row, name);
  const whole = objectIn((await journal.read("get_workspace", { workspace_id: workspace.id })).body);
  if (!holds(whole, settings))
    await journal.write("update_workspace", { workspace_id: workspace.id, ...settings }, () => settings);
  return { workspace, made: false };
}

async function findNamed(journal: Journal, name: string): Promise<Json | undefined> {
  const rows = objectsIn(await journal.readAll("list_workspaces", page)).map((row) => ({
    ...row,
    name: withoutIcon(textOf(row["name"]) ?? ""),
  }));
  return itemNamed(rows, { what: "workspace", where: "the organisation", name, remove: "delete_workspace" });
}

/** A new workspace's names, which Portkey may answer in part: then the list has them. */
async function namesIn(journal: Journal, row: Json, name: string): Promise<WorkspaceNames> {
  const [id, slug] = [textOf(row["id"]), textOf(row["slug"])];
  if (id !== undefined && slug !== undefined) return { id, slug };
  const found = (await findNamed(journal, name)) ?? {};
  const known = id ?? textOf(found["id"]) ?? slug ?? name;
  return { id: known, slug: slug ?? textOf(found["slug"]) ?? known };
}

async function integrationsNamed(journal: Journal, slugs: readonly string[]): Promise<Grant["integration"][]> {
  const found: Grant["integration"][] = [];
  for (const slug of slugs) {
    const integration = objectIn((await journal.read("get_integration", { slug })).body);
    found.push({
      slug: textOf(integration["slug"]) ?? slug,
      id: textOf(integration["id"]),
      name: textOf(integration["name"]),
    });
  }
  return found;
}

async function grantAll(
  journal: Journal,
  workspace: WorkspaceNames,
  integrations: readonly Grant["integration"][],
): Promise<Json[]> {
  const granted: Json[] = [];
  for (const integration of integrations) {
    const result = await grantAccess(journal, { integration, workspace, provider: {}, limits: {} });
    granted.push({ integration: integration.slug, ...result });
  }
  return granted;
}

/** The key of that name, made where there is none; undefined where none is asked for. */
async function keyNamed(journal: Journal, workspace: WorkspaceNames, wanted: Json): Promise<Json | undefined> {
  const name = textOf(wanted["name"]);
  if (name === undefined) return undefined;
  const workspaceArgument = { workspace_id: workspace.id };
  const rows = workspace.planned ? [] : await journal.readAll("list_api_keys", { ...workspaceArgument, ...page });
  const place = { what: "API key", where: `workspace ${workspace.slug}`, name, remove: "delete_api_key" };
  const there = itemNamed(rows, place);
  if (there !== undefined) return { id: there["id"], name, was: "there" };
  const asked = { type: "workspace", sub_type: "service", ...workspaceArgument, ...wanted };
  const answer = await journal.write("create_api_key", asked, ({ body }) =>
    withoutUndefined({ id: objectIn(body)["id"] }),
  );
  const { id, key } = objectIn(answer?.body);
  return { ...withoutUndefined({ id, key }), name, was: "made" };
}
