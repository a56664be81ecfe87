/**
 * plan_airs_migration: what of an account can be made with the tools of the edition airs, by which, what has no place
 * there, and what must be decided. It reads, and writes nothing.
 */
import type { Json } from "../../catalog/json.ts";
import type { EditionName } from "../../catalog/editions.ts";
import type { Composite } from "../composite.ts";
import { decisionsOf } from "../migration/decisions.ts";
import { ACCOUNT_KINDS } from "../migration/account-kinds.ts";
import { makingTools, notTaken, type ToolFor } from "../migration/making-tools.ts";
import { readAccount, type AccountItem } from "../migration/read-account.ts";
import { textOf, withoutUndefined } from "../values/portkey-values.ts";
import { nameOf } from "../workspace/read-workspace.ts";

const TARGET: EditionName = "airs";

interface Planned {
  readonly kind: string;
  readonly tool?: string;
  readonly [member: string]: unknown;
}

export const composite: Composite<"plan-airs-migration"> = async ({ workspace_id: only }, context) => {
  const [toolFor, account] = await Promise.all([makingTools(TARGET), readAccount(context, only)]);
  const objects = account.items.map((each) => planOf(each, toolFor));
  const can = objects.filter(({ tool }) => tool !== undefined).length;
  return {
    target: TARGET,
    workspaces: account.workspaces,
    counts: { found: objects.length, can_be_made: can, no_place: objects.length - can },
    kinds: Object.fromEntries(ACCOUNT_KINDS.flatMap(({ kind }) => kindOf(kind, objects, toolFor))),
    decide: [
      "Which workspace there takes the place of each one here: its workspace_id goes with every call.",
      "Which service accounts administer it, with which role.",
    ],
    ...(account.unread.length > 0 && { unread: account.unread }),
    objects,
    note: "Nothing was written. The edition airs is beta: try each call with dry_run first.",
  };
};

function planOf({ kind, item, workspace }: AccountItem, toolFor: ToolFor): Planned {
  const tool = toolFor(kind.list, workspace === undefined);
  const named = withoutUndefined({ name: nameOf(item), slug: textOf(item["slug"]), id: textOf(item["id"]), workspace });
  if (tool === undefined) return { kind: kind.kind, ...named, no_place: true };
  const lost = notTaken(tool, item);
  const decide = decisionsOf(kind.kind, item);
  return {
    kind: kind.kind,
    ...named,
    tool: tool.name,
    ...(lost.length > 0 && { not_taken: lost }),
    ...(decide.length > 0 && { decide }),
  };
}

/** One kind's counts, and what holds for all of them; nothing where there is none. */
function kindOf(name: string, objects: readonly Planned[], toolFor: ToolFor): [string, Json][] {
  const found = objects.filter(({ kind }) => kind === name);
  const kind = ACCOUNT_KINDS.find((each) => each.kind === name);
  if (kind === undefined || found.length === 0) return [];
  const tools = [...new Set(found.flatMap(({ tool }) => tool ?? []))];
  const instead = kind.instead && withTools(kind.instead, toolFor);
  const said = tools.length > 0 ? { tools, ...(kind.decide && { decide: kind.decide }) } : { no_place: instead };
  return [[name, { found: found.length, ...said }]];
}

function withTools(text: string, toolFor: ToolFor): string {
  return text.replace(/\{(\w+)\}/g, (_, kind: string) => {
    const list = ACCOUNT_KINDS.find((each) => each.kind === kind)?.list ?? "";
    return toolFor(list)?.name ?? kind;
  });
}
