/** export_workspace: what a workspace holds as one JSON document, secrets masked, in parts where it is large. */
import type { Composite } from "./composite.ts";
import { numberOf } from "./portkey-values.ts";
import { readWorkspace } from "./read-workspace.ts";
import { resultBytes } from "./result-bytes.ts";

export const EXPORT_FORMAT = "portkey-admin-mcp/workspace";

export const composite: Composite = async (args, context) => {
  const { workspace_id: workspaceId, kinds } = args as { workspace_id: string; kinds?: readonly string[] };
  const skip = Math.max(0, numberOf(args["skip"]) ?? 0);
  const { items, unread, total, next } = await readWorkspace(context, workspaceId, { kinds, skip, maxBytes: resultBytes(context.settings) });
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
