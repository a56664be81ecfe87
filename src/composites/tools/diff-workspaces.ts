/** diff_workspaces: compares two workspaces, or an export and a workspace, item by item and field by field. */
import { isObject, type Json } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { findChanges, type FieldChange } from "../values/compare-fields.ts";
import type { ArgumentsOf, Composite, CompositeContext } from "../composite.ts";
import { EXPORT_FORMAT } from "./export-workspace.ts";
import { matchItems } from "../workspace/match-items.ts";
import { readKnownValues } from "../values/check-arguments.ts";
import { filterObjects, asText } from "../values/portkey-values.ts";
import type { Unread } from "../workspace/read-or-note.ts";
import { displayName, readWorkspace } from "../workspace/read-workspace.ts";
import { resultBytes } from "../values/result-bytes.ts";
import { BELONGS_TO, IDENTITY, KIND_NAMES, WORKSPACE_KINDS } from "../workspace/workspace-kinds.ts";

interface Side {
  readonly workspace: string;
  readonly items: Readonly<Record<string, readonly Json[]>>;
  readonly unread: readonly Unread[];
}

interface Difference {
  readonly kind: string;
  readonly name: string;
  /** The target's name, where it differs. */
  readonly target_name?: string;
  readonly only_in?: "source" | "target";
  /** "organisation" where it is not the workspace's own. */
  readonly belongs_to?: unknown;
  readonly changes?: readonly { readonly field: string; readonly source?: unknown; readonly target?: unknown }[];
}

type Arguments = ArgumentsOf<"diff-workspaces">;

export const composite: Composite<"diff-workspaces"> = async (args, context) => {
  const kinds = readKnownValues("diff_workspaces", args, "kinds", KIND_NAMES);
  const source = await readSource(args, context, kinds);
  const target = await readSide(context, args.target, kinds);
  const compared = WORKSPACE_KINDS.map(({ kind }) => kind).filter(
    (kind) => source.items[kind] !== undefined && target.items[kind] !== undefined,
  );
  const found = compared.flatMap((kind) => compareKind(kind, source.items[kind] ?? [], target.items[kind] ?? []));
  const differences = found.filter((difference) => difference !== undefined);
  const shown = fittingDifferences(differences, resultBytes(context.settings));
  const unread = [
    ...source.unread.map((entry) => ({ side: "source", ...entry })),
    ...target.unread.map((entry) => ({ side: "target", ...entry })),
  ];
  return {
    source: source.workspace,
    target: target.workspace,
    compared,
    same: found.length - differences.length,
    different: differences.length,
    differences: shown,
    ...(shown.length < differences.length && {
      left_out: differences.length - shown.length,
      note: "Narrow it with kinds to see the rest.",
    }),
    ...(unread.length > 0 && { unread }),
  };
};

async function readSource(
  args: Arguments,
  context: CompositeContext,
  kinds: readonly string[] | undefined,
): Promise<Side> {
  const { source, source_export: document } = args;
  if ((source === undefined) === (document === undefined))
    throw new PortkeyMcpError("BAD_INPUT", "diff_workspaces: pass either source or source_export.");
  if (source !== undefined) return readSide(context, source, kinds);
  if (!isObject(document) || document["format"] !== EXPORT_FORMAT) {
    const format = JSON.stringify(EXPORT_FORMAT);
    throw new PortkeyMcpError(
      "BAD_INPUT",
      `diff_workspaces: source_export must be a document of export_workspace, with the format ${format}.`,
    );
  }
  const lists = WORKSPACE_KINDS.filter(
    ({ kind }) => Array.isArray(document[kind]) && (kinds === undefined || kinds.includes(kind)),
  );
  const partly =
    document["complete"] === false
      ? [
          {
            kind: "all",
            error: "The export says that it is not complete: what only the target has may be missing from it.",
          },
        ]
      : [];
  return {
    workspace: asText(document["workspace"]) ?? "export",
    items: Object.fromEntries(lists.map(({ kind }) => [kind, filterObjects(document[kind] as unknown[])])),
    unread: partly,
  };
}

async function readSide(
  context: CompositeContext,
  workspaceId: string,
  kinds: readonly string[] | undefined,
): Promise<Side> {
  const { items, unread } = await readWorkspace(context, workspaceId, { kinds });
  return { workspace: workspaceId, items, unread };
}

/** One entry for each item; undefined for items that are the same. */
function compareKind(kind: string, source: readonly Json[], target: readonly Json[]): (Difference | undefined)[] {
  const { pairs, onlyInSource, onlyInTarget } = matchItems(source, target);
  const named = (item: Json) => displayName(item) ?? "?";
  return [
    ...pairs.map(([from, to]) => {
      const changes = findChanges(withoutIdentity(from), withoutIdentity(to)).map(toSides);
      if (changes.length === 0) return undefined;
      const names = { name: named(from), ...(named(from) !== named(to) && { target_name: named(to) }) };
      return { kind, ...names, ...findOwner(from, to), changes };
    }),
    ...onlyInSource.map((item): Difference => ({ kind, name: named(item), ...findOwner(item), only_in: "source" })),
    ...onlyInTarget.map((item): Difference => ({ kind, name: named(item), ...findOwner(item), only_in: "target" })),
  ];
}

/** The owner, where one of the two items belongs to the organisation. */
function findOwner(...items: readonly Json[]): Pick<Difference, "belongs_to"> {
  const owner = items.map((item) => item[BELONGS_TO]).find((value) => value !== undefined);
  return owner === undefined ? {} : { belongs_to: owner };
}

/** The item without its identity: ids differ between copies, and the name is reported beside the changes. */
function withoutIdentity(item: Json): Json {
  return Object.fromEntries(
    Object.entries(item).filter(([name]) => !IDENTITY.has(name) && !["name", "collection", BELONGS_TO].includes(name)),
  );
}

function toSides({ field, before, after }: FieldChange) {
  return { field, ...(before !== undefined && { source: before }), ...(after !== undefined && { target: after }) };
}

function fittingDifferences(differences: readonly Difference[], maxBytes: number): readonly Difference[] {
  let bytes = 0;
  const end = differences.findIndex((difference) => {
    bytes += Buffer.byteLength(JSON.stringify(difference));
    return bytes > maxBytes;
  });
  return end < 0 ? differences : differences.slice(0, Math.max(end, 1));
}
