/**
 * set_up_workspace: sets up a workspace, found by its exact name, with limits, members, providers and a key; existing
 * objects are not made again. The key is made last: its secret is shown once, and no later failure can hide it.
 */
import type { Json } from "../../catalog/json.ts";
import { withoutIcon } from "../../portkey/names/named-objects.ts";
import { grantAccess, hasMembers, type Grant, type WorkspaceNames } from "../access/grant-access.ts";
import type { ArgumentsOf, Composite } from "../composite.ts";
import { setMembers } from "../people/members.ts";
import { findByName } from "../steps/find-by-name.ts";
import { callAgainHint, withJournal, type Journal } from "../steps/journal.ts";
import { refuseBlank } from "../values/check-arguments.ts";
import { asObject, readObject, filterObjects, asText, withoutUndefined } from "../values/portkey-values.ts";

const TOOL = "set_up_workspace";
const page = { current_page: 0, page_size: 100 };
/** A placeholder for the workspace that a dry run would create. */
const PLANNED: WorkspaceNames = { id: "<the new workspace>", slug: "<the new workspace>", planned: true };

export const composite: Composite<"set-up-workspace"> = (args, context) =>
  withJournal(context, callAgainHint(TOOL), async (journal) => {
    refuseBlank(TOOL, args, ["name"]);
    // Read first, so that a wrong integration is an error before anything is made.
    const wanted = await readIntegrations(journal, args.integrations ?? []);
    const { workspace, made } = await findOrCreateWorkspace(journal, args, context.dryRun);
    const members = await setMembers(journal, workspace, args.members ?? []);
    const integrations = await grantAll(journal, workspace, wanted);
    const apiKey = await findOrCreateKey(journal, workspace, asObject(args.api_key));
    const facts = {
      ...(workspace.planned ? {} : { workspace_id: workspace.id, slug: workspace.slug }),
      members,
      ...(integrations.length > 0 && { integrations }),
      ...(apiKey && { api_key: apiKey }),
    };
    const steps = context.dryRun ? journal.planned.length : journal.done.length;
    const action = actionName(made, steps);
    if (context.dryRun) return { dry_run: true, action, ...facts, would_send: journal.planned };
    return { action, ...facts, done: journal.done };
  });

function actionName(made: boolean, steps: number): string {
  if (made) return "created";
  return steps > 0 ? "updated" : "unchanged";
}

/** Finds the workspace with that name or creates it, and applies the settings. */
async function findOrCreateWorkspace(
  journal: Journal,
  args: ArgumentsOf<"set-up-workspace">,
  dryRun: boolean,
): Promise<{ readonly workspace: WorkspaceNames; readonly made: boolean }> {
  const { name, description, usage_limits, rate_limits } = args;
  const settings = withoutUndefined({ description, usage_limits, rate_limits });
  const row = await findNamed(journal, name);
  if (row === undefined) {
    const answer = await journal.write("create_workspace", { name, ...settings }, ({ body }) =>
      withoutUndefined({ workspace_id: readObject(body)["id"] }),
    );
    if (dryRun) return { workspace: PLANNED, made: true };
    return { workspace: await readNames(journal, readObject(answer?.body), name), made: true };
  }
  const workspace = await readNames(journal, row, name);
  const whole = readObject((await journal.read("get_workspace", { workspace_id: workspace.id })).body);
  if (!hasMembers(whole, settings))
    await journal.write("update_workspace", { workspace_id: workspace.id, ...settings }, () => settings);
  return { workspace, made: false };
}

async function findNamed(journal: Journal, name: string): Promise<Json | undefined> {
  const rows = filterObjects(await journal.readAll("list_workspaces", page)).map((row) => ({
    ...row,
    name: withoutIcon(asText(row["name"]) ?? ""),
  }));
  return findByName(rows, { what: "workspace", where: "the organisation", name, remove: "delete_workspace" });
}

/** A workspace's id and slug; where the row lacks one of them, they are read from the list. */
async function readNames(journal: Journal, row: Json, name: string): Promise<WorkspaceNames> {
  const [id, slug] = [asText(row["id"]), asText(row["slug"])];
  if (id !== undefined && slug !== undefined) return { id, slug };
  const found = (await findNamed(journal, name)) ?? {};
  const known = id ?? asText(found["id"]) ?? slug ?? name;
  return { id: known, slug: slug ?? asText(found["slug"]) ?? known };
}

async function readIntegrations(journal: Journal, slugs: readonly string[]): Promise<Grant["integration"][]> {
  const found: Grant["integration"][] = [];
  for (const slug of slugs) {
    const integration = readObject((await journal.read("get_integration", { slug })).body);
    found.push({
      slug: asText(integration["slug"]) ?? slug,
      id: asText(integration["id"]),
      name: asText(integration["name"]),
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

/** Finds the key with that name or creates it; undefined where none is wanted. */
async function findOrCreateKey(journal: Journal, workspace: WorkspaceNames, wanted: Json): Promise<Json | undefined> {
  const name = asText(wanted["name"]);
  if (name === undefined) return undefined;
  const workspaceArgument = { workspace_id: workspace.id };
  const rows = workspace.planned ? [] : await journal.readAll("list_api_keys", { ...workspaceArgument, ...page });
  const place = { what: "API key", where: `workspace ${workspace.slug}`, name, remove: "delete_api_key" };
  const existing = findByName(rows, place);
  if (existing !== undefined) return { id: existing["id"], name, was: "there" };
  const asked = { type: "workspace", sub_type: "service", ...workspaceArgument, ...wanted };
  const answer = await journal.write("create_api_key", asked, ({ body }) =>
    withoutUndefined({ id: readObject(body)["id"] }),
  );
  const { id, key } = readObject(answer?.body);
  return { ...withoutUndefined({ id, key }), name, was: "made" };
}
