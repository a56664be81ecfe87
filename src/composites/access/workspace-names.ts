/** Finds a workspace's id and slug: some lists use the one, some the other. */
import type { Journal } from "../steps/journal.ts";
import { readObject, asText } from "../values/portkey-values.ts";
import type { WorkspaceNames } from "./grant-access.ts";

/** `workspaceId` is either of them. Throws what the read throws. */
export async function readWorkspaceNames(journal: Journal, workspaceId: string): Promise<WorkspaceNames> {
  const found = readObject((await journal.read("get_workspace", { workspace_id: workspaceId })).body);
  const id = asText(found["id"]) ?? workspaceId;
  return { id, slug: asText(found["slug"]) ?? workspaceId };
}
