/**
 * Reads the objects of an account, kind by kind: a workspace's configs, guardrails and limits in full, as for an
 * export, and everything else as its row in the list. A list that cannot be read is reported, and the rest is read.
 */
import type { Json } from "../../catalog/json.ts";
import type { CompositeContext } from "../composite.ts";
import { inParallel } from "../steps/in-parallel.ts";
import { filterObjects, asText, withoutUndefined } from "../values/portkey-values.ts";
import { readOrNote, type Unread } from "../workspace/read-or-note.ts";
import { displayName, readWorkspace } from "../workspace/read-workspace.ts";
import { BELONGS_TO } from "../workspace/workspace-kinds.ts";
import { ACCOUNT_KINDS, type AccountKind } from "./account-kinds.ts";

export interface AccountItem {
  readonly kind: AccountKind;
  readonly item: Json;
  /** The workspace that it was listed in; absent: it belongs to the organisation. */
  readonly workspace?: string;
}

export interface Account {
  readonly workspaces: readonly string[];
  /** Each object once, in the order of ACCOUNT_KINDS. */
  readonly items: readonly AccountItem[];
  readonly unread: readonly (Unread & { readonly workspace?: string })[];
}

/** Kinds that are read in full, since the content decides whether an object can be made. */
const EXPORTED: ReadonlySet<string> = new Set(["guardrails", "configs", "usage_limits", "rate_limits"]);

/** `only`: reads one workspace, without the organisation. Throws where the workspaces cannot be listed. */
export async function readAccount(context: CompositeContext, only: string | undefined): Promise<Account> {
  const rows = only === undefined ? filterObjects(await context.callAll("list_workspaces", {})) : [];
  const workspaces = only === undefined ? rows.flatMap(slugOrId) : [only];
  const unread: (Unread & { workspace?: string })[] = [];
  const places = [...(only === undefined ? [undefined] : []), ...workspaces];
  const found: AccountItem[][] = [];
  // Sequentially, since within each place several lists are read in parallel.
  for (const [done, workspace] of places.entries()) {
    context.progress(done, places.length, workspace ?? "the organisation");
    const note = (entry: Unread) => unread.push({ ...entry, ...(workspace && { workspace }) });
    found.push(await readPlace(context, workspace, note));
  }
  return { workspaces, items: orderByKind(found.flat()), unread };
}

function slugOrId(row: Json): string[] {
  const slug = asText(row["slug"]) ?? asText(row["id"]);
  return slug === undefined ? [] : [slug];
}

/** `workspace` undefined: the organisation. */
async function readPlace(
  context: CompositeContext,
  workspace: string | undefined,
  note: (unread: Unread) => void,
): Promise<AccountItem[]> {
  const here = ACCOUNT_KINDS.filter(({ of }) => of === "both" || (of === "workspace") === (workspace !== undefined));
  const args = withoutUndefined({ workspace_id: workspace });
  const lists = await inParallel(
    here.filter(({ kind }) => !EXPORTED.has(kind)),
    async (kind) => {
      const rows = await readOrNote(kind, note, () => context.callAll(kind.list, args));
      return filterObjects(rows ?? []).map((item) => toAccountItem(kind, item, workspace));
    },
  );
  const found = lists.flat();
  if (workspace === undefined) return found;
  const whole = await readOrNote({ kind: "export" }, note, async () => {
    const { items, unread } = await readWorkspace(context, workspace, { kinds: [...EXPORTED] });
    unread.forEach(note);
    return here.flatMap((kind) => (items[kind.kind] ?? []).map((item) => toAccountItem(kind, item, workspace)));
  });
  return [...found, ...(whole ?? [])];
}

function toAccountItem(kind: AccountKind, item: Json, workspace: string | undefined): AccountItem {
  const isOrganisations = workspace === undefined || item[BELONGS_TO] === "organisation";
  return { kind, item, ...(!isOrganisations && { workspace }) };
}

/** Each object once, by kind. Lists overlap: workspaces also list the organisation's objects, and vice versa. */
function orderByKind(items: readonly AccountItem[]): AccountItem[] {
  const unique = new Map<string, AccountItem>();
  for (const entry of items) {
    const key = JSON.stringify([entry.kind.kind, asText(entry.item["id"]) ?? displayName(entry.item)]);
    // An entry from a workspace's list is preferred, since it knows the workspace.
    if (!unique.has(key) || entry.workspace !== undefined) unique.set(key, entry);
  }
  return ACCOUNT_KINDS.flatMap(({ kind }) => [...unique.values()].filter((entry) => entry.kind.kind === kind));
}
