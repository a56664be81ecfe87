/** Grants a workspace access to an integration, and makes a provider that the workspace's requests can name. */
import { isObject, type Json } from "../../catalog/json.ts";
import type { Journal } from "../steps/journal.ts";
import { asBoolean, readObject, filterObjects, asText, withoutUndefined } from "../values/portkey-values.ts";

/** A workspace's id and slug; for a planned one, both are a placeholder. */
export interface WorkspaceNames {
  readonly id: string;
  readonly slug: string;
  /** A dry run would create it: it does not exist yet, so nothing of it can be read. */
  readonly planned?: true;
}

export interface Grant {
  /** The integration's slug, and its id and name where they are known. */
  readonly integration: { readonly slug: string; readonly id?: string | undefined; readonly name?: string | undefined };
  readonly workspace: WorkspaceNames;
  /** The provider to find or make; without a name or slug, any provider of the integration is sufficient. */
  readonly provider: { readonly name?: string | undefined; readonly slug?: string | undefined };
  /** `usage_limits` and `rate_limits` of the access, as update_integration_workspaces takes them. */
  readonly limits: Json;
}

/** Returns what was found or done: the access, and the provider that requests can name. */
export async function grantAccess(journal: Journal, grant: Grant): Promise<Json> {
  const access = await giveAccess(journal, grant);
  const provider = await makeProvider(journal, grant);
  return { access, provider };
}

async function giveAccess(journal: Journal, { integration: { slug }, workspace, limits }: Grant): Promise<string> {
  const row = workspace.planned ? undefined : await findAccess(journal, slug, workspace);
  if (row !== undefined && asBoolean(row["enabled"]) && hasMembers(row, limits)) return "was there";
  await journal.write("update_integration_workspaces", {
    slug,
    workspaces: [{ id: workspace.slug, enabled: true, ...limits }],
    create_default_provider: false,
  });
  return row !== undefined && asBoolean(row["enabled"]) ? "limits changed" : "granted";
}

async function findAccess(
  journal: Journal,
  slug: string,
  { id, slug: name }: WorkspaceNames,
): Promise<Json | undefined> {
  const rows = filterObjects(await journal.readAll("list_integration_workspaces", { slug }));
  return rows.find((row) => row["id"] === id || row["id"] === name);
}

async function makeProvider(journal: Journal, grant: Grant): Promise<Json> {
  const { integration, workspace, provider } = grant;
  const existing = workspace.planned ? undefined : await findProvider(journal, grant);
  if (existing !== undefined) {
    return { ...withoutUndefined({ slug: existing["slug"], name: existing["name"] }), was: "there" };
  }
  const name = provider.name ?? provider.slug ?? integration.name ?? integration.slug;
  const asked = { name, integration_id: integration.slug, workspace_id: workspace.id };
  const answer = await journal.write(
    "create_provider",
    { ...asked, ...withoutUndefined({ slug: provider.slug }) },
    ({ body }) => withoutUndefined({ slug: readObject(body)["slug"] }),
  );
  const slug = asText(readObject(answer?.body)["slug"]) ?? provider.slug;
  return { ...withoutUndefined({ slug }), name, was: "made" };
}

async function findProvider(journal: Journal, { integration, workspace, provider }: Grant): Promise<Json | undefined> {
  const args = { workspace_id: workspace.id, current_page: 0, page_size: 100 };
  const rows = filterObjects(await journal.readAll("list_providers", args)).filter(
    ({ integration_id: id }) => id === integration.slug || (id !== undefined && id === integration.id),
  );
  const { name, slug } = provider;
  return rows.find(
    (row) => (slug === undefined || row["slug"] === slug) && (name === undefined || row["name"] === name),
  );
}

/** Whether `now` has every wanted member with the wanted value. A list of one object equals the object itself. */
export function hasMembers(now: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    const items = Array.isArray(now) ? now : [now];
    return wanted.every((item, index) => hasMembers(items[index], item));
  }
  if (!isObject(wanted)) return now === wanted || Number(now) === wanted;
  const holder = Array.isArray(now) ? (now[0] as unknown) : now;
  return isObject(holder) && Object.entries(wanted).every(([name, value]) => hasMembers(holder[name], value));
}
