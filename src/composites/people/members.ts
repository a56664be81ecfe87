/** Adds members to a workspace and sets their roles; other members stay. */
import type { Json } from "../../catalog/json.ts";
import type { WorkspaceNames } from "../access/grant-access.ts";
import type { Journal } from "../steps/journal.ts";
import { filterObjects } from "../values/portkey-values.ts";

export interface WantedMember {
  readonly user_id: string;
  readonly role: string;
}

/** Returns how many were added, had their role changed, and were so already. */
export async function setMembers(
  journal: Journal,
  workspace: WorkspaceNames,
  wanted: readonly WantedMember[],
): Promise<Json> {
  const workspaceArgument = { workspace_id: workspace.id };
  const page = { current_page: 0, page_size: 100 };
  const rows =
    workspace.planned || wanted.length === 0
      ? []
      : filterObjects(await journal.readAll("list_workspace_members", { ...workspaceArgument, ...page }));
  const roles = new Map(rows.map((row) => [row["id"] ?? row["user_id"], row["role"]]));
  const added = wanted.filter(({ user_id }) => !roles.has(user_id));
  const changed = wanted.filter(({ user_id, role }) => roles.has(user_id) && roles.get(user_id) !== role);
  if (added.length > 0) {
    const users = added.map(({ user_id: id, role }) => ({ id, role }));
    await journal.write("add_workspace_member", { ...workspaceArgument, users }, () => ({ users }));
  }
  for (const { user_id, role } of changed) {
    const facts = { user_id, role };
    await journal.write("update_workspace_member", { ...workspaceArgument, ...facts }, () => facts);
  }
  return { added: added.length, role_changed: changed.length, were_so: wanted.length - added.length - changed.length };
}
