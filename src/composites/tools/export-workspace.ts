/** export_workspace: exports a workspace's objects as one JSON document, secrets masked, in parts where it is large. */
import type { Composite } from "../composite.ts";
import { readKnownValues, readWholeNumber } from "../values/check-arguments.ts";
import { readWorkspace } from "../workspace/read-workspace.ts";
import { resultBytes } from "../values/result-bytes.ts";
import { KIND_NAMES } from "../workspace/workspace-kinds.ts";

export const EXPORT_FORMAT = "portkey-admin-mcp/workspace";

export const composite: Composite<"export-workspace"> = async (args, context) => {
  const workspaceId = args.workspace_id;
  const kinds = readKnownValues("export_workspace", args, "kinds", KIND_NAMES);
  const skip = readWholeNumber("export_workspace", args, "skip", {
    least: 0,
    most: Number.MAX_SAFE_INTEGER,
    byDefault: 0,
  });
  const { items, unread, total, next } = await readWorkspace(context, workspaceId, {
    kinds,
    skip,
    maxBytes: resultBytes(context.settings),
  });
  const counts = Object.fromEntries(Object.entries(items).map(([kind, list]) => [kind, list.length]));
  return {
    format: EXPORT_FORMAT,
    workspace: workspaceId,
    exported_at: new Date().toISOString(),
    complete: skip === 0 && next === undefined && unread.length === 0,
    total,
    counts,
    ...(unread.length > 0 && { unread }),
    ...(next !== undefined && {
      left_out: total - next,
      next: { tool: "export_workspace", arguments: { ...args, skip: next } },
    }),
    ...items,
  };
};
