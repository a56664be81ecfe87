/** Gives a workspace an integration: its access to it, and a provider that its requests can name. */
import { isObject, type Json } from "../../catalog/json.ts";
import type { Journal } from "../steps/journal.ts";
import { flagOf, objectIn, objectsIn, textOf, withoutUndefined } from "../values/portkey-values.ts";

/** A workspace by both of its names; only a planned one has none but its placeholder. */
export interface WorkspaceNames {
  readonly id: string;
  readonly slug: string;
  /** A dry run's, which is not there yet: nothing of it can be read. */
  readonly planned?: true;
}

export interface Grant {
  /** The integration, by slug, and by id where that is known. */
  readonly integration: { readonly slug: string; readonly id?: string | undefined; readonly name?: string | undefined };
  readonly workspace: WorkspaceNames;
  /** The provider to make or find; without a name or slug any of the integration's will do. */
  readonly provider: { readonly name?: string | undefined; readonly slug?: string | undefined };
  /** Of the workspace's access: `usage_limits`, `rate_limits`, as update_integration_workspaces takes them. */
  readonly limits: Json;
}

/** What was found or done: the access, and the provider that requests can name. */
export async function grantAccess(journal: Journal, grant: Grant): Promise<Json> {
  const access = await giveAccess(journal, grant);
  const provider = await makeProvider(journal, grant);
  return { access, provider };
}

async function giveAccess(journal: Journal, { integration: { slug }, workspace, limits }: Grant): Promise<string> {
  const row = workspace.planned ? undefined : await accessOf(journal, slug, workspace);
  if (row !== undefined && flagOf(row["enabled"]) && holds(row, limits)) return "was there";
  await journal.write("update_integration_workspaces", {
    slug,
    workspaces: [{ id: workspace.slug, enabled: true, ...limits }],
    create_default_provider: false,
  });
  return row !== undefined && flagOf(row["enabled"]) ? "limits changed" : "granted";
}

async function accessOf(journal: Journal, slug: string, { id, slug: name }: WorkspaceNames): Promise<Json | undefined> {
  const rows = objectsIn(await journal.readAll("list_integration_workspaces", { slug }));
  return rows.find((row) => row["id"] === id || row["id"] === name);
}

async function makeProvider(journal: Journal, grant: Grant): Promise<Json> {
  const { integration, workspace, provider } = grant;
  const there = workspace.planned ? undefined : await providerOf(journal, grant);
  if (there !== undefined) return { ...withoutUndefined({ slug: there["slug"], name: there["name"] }), was: "there" };
  const name = provider.name ?? provider.slug ?? integration.name ?? integration.slug;
  const asked = { name, integration_id: integration.slug, workspace_id: workspace.id };
  const answer = await journal.write(
    "create_provider",
    { ...asked, ...withoutUndefined({ slug: provider.slug }) },
    ({ body }) => withoutUndefined({ slug: objectIn(body)["slug"] }),
  );
  const slug = textOf(objectIn(answer?.body)["slug"]) ?? provider.slug;
  return { ...withoutUndefined({ slug }), name, was: "made" };
}

async function providerOf(journal: Journal, { integration, workspace, provider }: Grant): Promise<Json | undefined> {
  const args = { workspace_id: workspace.id, current_page: 0, page_size: 100 };
  const rows = objectsIn(await journal.readAll("list_providers", args)).filter(
    ({ integration_id: id }) => id === integration.slug || (id !== undefined && id === integration.id),
  );
  const { name, slug } = provider;
  return rows.find(
    (row) => (slug === undefined || row["slug"] === slug) && (name === undefined || row["name"] === name),
  );
}

/** Whether every member that is wanted stands so already; lists of one and single objects are the same. */
export function holds(now: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    const there = Array.isArray(now) ? now : [now];
    return wanted.every((item, index) => holds(there[index], item));
  }
  if (!isObject(wanted)) return now === wanted || Number(now) === wanted;
  const holder = Array.isArray(now) ? (now[0] as unknown) : now;
  return isObject(holder) && Object.entries(wanted).every(([name, value]) => holds(holder[name], value));
}
