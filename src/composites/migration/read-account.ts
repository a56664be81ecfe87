/**
 * Reads what an account holds, kind by kind: of a workspace's configs, guardrails and limits the whole, as an export
 * has them, and of everything else its row in the list. What cannot be read is reported, and the rest is read.
 */
import type { Json } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { CompositeContext } from "../composite.ts";
import { inParallel } from "../steps/in-parallel.ts";
import { objectsIn, textOf, withoutUndefined } from "../values/portkey-values.ts";
import { nameOf, readWorkspace, type Unread } from "../workspace/read-workspace.ts";
import { BELONGS_TO } from "../workspace/workspace-kinds.ts";
import { ACCOUNT_KINDS, type AccountKind } from "./account-kinds.ts";

export interface AccountItem {
  readonly kind: AccountKind;
  readonly item: Json;
  /** The workspace whose list showed it; absent: the organisation's. */
  readonly workspace?: string;
}

export interface Account {
  readonly workspaces: readonly string[];
  /** Each thing once, in the order of the kinds. */
  readonly items: readonly AccountItem[];
  readonly unread: readonly (Unread & { readonly workspace?: string })[];
}

/** What is worth reading whole: what a config refers to decides whether it can be made. */
const EXPORTED: ReadonlySet<string> = new Set(["guardrails", "configs", "usage_limits", "rate_limits"]);

/** `only`: one workspace, and nothing of the organisation. Throws what keeps the workspaces from being listed. */
export async function readAccount(context: CompositeContext, only: string | undefined): Promise<Account> {
  const rows = only === undefined ? objectsIn(await context.callAll("list_workspaces", {})) : [];
  const workspaces = only === undefined ? rows.flatMap(slugOf) : [only];
  const unread: (Unread & { workspace?: string })[] = [];
  const places = [...(only === undefined ? [undefined] : []), ...workspaces];
  const found: AccountItem[][] = [];
  // One place at a time: within it, several lists are read at once.
  for (const [done, workspace] of places.entries()) {
    context.progress(done, places.length, workspace ?? "the organisation");
    const note = (each: Unread) => unread.push({ ...each, ...(workspace && { workspace }) });
    found.push(await readPlace(context, workspace, note));
  }
  return { workspaces, items: inOrder(found.flat()), unread };
}

function slugOf(row: Json): string[] {
  const slug = textOf(row["slug"]) ?? textOf(row["id"]);
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
      return objectsIn(rows).map((item) => placed(kind, item, workspace));
    },
  );
  const found = lists.flat();
  if (workspace === undefined) return found;
  const whole = await readOrNote({ kind: "export" }, note, async () => {
    const { items, unread } = await readWorkspace(context, workspace, { kinds: [...EXPORTED] });
    unread.forEach(note);
    return here.flatMap((kind) => (items[kind.kind] ?? []).map((item) => placed(kind, item, workspace)));
  });
  return [...found, ...whole];
}

function placed(kind: AccountKind, item: Json, workspace: string | undefined): AccountItem {
  const isOrganisations = workspace === undefined || item[BELONGS_TO] === "organisation";
  return { kind, item, ...(!isOrganisations && { workspace }) };
}

async function readOrNote<Item>(
  { kind }: Pick<AccountKind, "kind">,
  note: (unread: Unread) => void,
  read: () => Promise<Item[]>,
): Promise<Item[]> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof PortkeyMcpError) || error.code === "CANCELLED") throw error;
    note({ kind, error: error.message });
    return [];
  }
}

/** Lists overlap: the organisation's things show in every workspace, and some of a workspace's in the organisation. */
function inOrder(items: readonly AccountItem[]): AccountItem[] {
  const once = new Map<string, AccountItem>();
  for (const each of items) {
    const key = JSON.stringify([each.kind.kind, textOf(each.item["id"]) ?? nameOf(each.item)]);
    // Where a workspace shows it, it says whose it is.
    if (!once.has(key) || each.workspace !== undefined) once.set(key, each);
  }
  return ACCOUNT_KINDS.flatMap(({ kind }) => [...once.values()].filter((each) => each.kind.kind === kind));
}
