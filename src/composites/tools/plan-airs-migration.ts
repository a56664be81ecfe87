/**
 * plan_airs_migration: lists which objects of an account can be made in the edition airs and with which tools, which
 * have no place there, and what must be decided. Only reads.
 */
import type { Json } from "../../catalog/json.ts";
import type { EditionName } from "../../catalog/editions.ts";
import type { Composite } from "../composite.ts";
import { findDecisions } from "../migration/decisions.ts";
import { ACCOUNT_KINDS } from "../migration/account-kinds.ts";
import { findMakingTools, findNotTaken, type ToolFor } from "../migration/making-tools.ts";
import { readAccount, type AccountItem } from "../migration/read-account.ts";
import { asText, withoutUndefined } from "../values/portkey-values.ts";
import { displayName } from "../workspace/read-workspace.ts";

const TARGET: EditionName = "airs";

interface Planned {
  readonly kind: string;
  readonly tool?: string;
  readonly [member: string]: unknown;
}

export const composite: Composite<"plan-airs-migration"> = async ({ workspace_id: only }, context) => {
  const [toolFor, account] = await Promise.all([findMakingTools(TARGET), readAccount(context, only)]);
  const objects = account.items.map((entry) => planItem(entry, toolFor));
  const can = objects.filter(({ tool }) => tool !== undefined).length;
  return {
    target: TARGET,
    workspaces: account.workspaces,
    counts: { found: objects.length, can_be_made: can, no_place: objects.length - can },
    kinds: Object.fromEntries(ACCOUNT_KINDS.flatMap(({ kind }) => summariseKind(kind, objects, toolFor))),
    decide: [
      "Which workspace there takes the place of each one here: its workspace_id goes with every call.",
      "Which service accounts administer it, with which role.",
    ],
    ...(account.unread.length > 0 && { unread: account.unread }),
    objects,
    note: "Nothing was written. The edition airs is beta: try each call with dry_run first.",
  };
};

function planItem({ kind, item, workspace }: AccountItem, toolFor: ToolFor): Planned {
  const tool = toolFor(kind.list, workspace === undefined);
  const named = withoutUndefined({
    name: displayName(item),
    slug: asText(item["slug"]),
    id: asText(item["id"]),
    workspace,
  });
  if (tool === undefined) return { kind: kind.kind, ...named, no_place: true };
  const lost = findNotTaken(tool, item);
  const decide = findDecisions(kind.kind, item);
  return {
    kind: kind.kind,
    ...named,
    tool: tool.name,
    ...(lost.length > 0 && { not_taken: lost }),
    ...(decide.length > 0 && { decide }),
  };
}

/** The entry of one kind: its count, and what applies to all of its objects; empty where there are none. */
function summariseKind(name: string, objects: readonly Planned[], toolFor: ToolFor): [string, Json][] {
  const found = objects.filter(({ kind }) => kind === name);
  const kind = ACCOUNT_KINDS.find((each) => each.kind === name);
  if (kind === undefined || found.length === 0) return [];
  const tools = [...new Set(found.flatMap(({ tool }) => tool ?? []))];
  const instead = kind.instead && insertTools(kind.instead, toolFor);
  const facts = tools.length > 0 ? { tools, ...(kind.decide && { decide: kind.decide }) } : { no_place: instead };
  return [[name, { found: found.length, ...facts }]];
}

function insertTools(text: string, toolFor: ToolFor): string {
  return text.replace(/\{(\w+)\}/g, (_, kind: string) => {
    const list = ACCOUNT_KINDS.find((each) => each.kind === kind)?.list ?? "";
    return toolFor(list)?.name ?? kind;
  });
}
