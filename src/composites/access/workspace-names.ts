/** A workspace by both of its names: some lists know it by id, others by slug. */
import type { Journal } from "../steps/journal.ts";
import { objectIn, textOf } from "../values/portkey-values.ts";
import type { WorkspaceNames } from "./grant-access.ts";

/** Reads it by either. Throws what the read throws. */
export async function namesOfWorkspace(journal: Journal, workspaceId: string): Promise<WorkspaceNames> {
  const found = objectIn((await journal.read("get_workspace", { workspace_id: workspaceId })).body);
  const id = textOf(found["id"]) ?? workspaceId;
  return { id, slug: textOf(found["slug"]) ?? workspaceId };
}
