/**
 * Workspaces: created with members, deleted only when empty or by force.
 */
import { ApiError } from "../http/api-error.ts";
import type { Handler, Call } from "./call.ts";
import { createEntity, removeEntity } from "./collections.ts";
import { asList } from "../json.ts";
import { addMember } from "./users.ts";
import { createView } from "../shapes/views.ts";
import type { Entity } from "../state/store.ts";

/** Kinds of resources that prevent the deletion of a workspace. */
const dependents = [
  "/prompts",
  "/prompts/partials",
  "/configs",
  "/collections",
  "/api-keys",
  "/providers",
  "/virtual-keys",
  "/guardrails",
  "/mcp-servers",
];

const createWorkspace: Handler = (call) => {
  const workspace = createEntity(call, "/admin/workspaces", call.fields);
  for (const user of asList(call.fields["users"])) {
    const known = call.world.store.find("/admin/users", String(user));
    if (known) addMember(call.world, workspace, known.id, "member");
  }
  return { one: createView(call.world, workspace) };
};

const deleteWorkspace: Handler = (call) => {
  const workspace = call.entity();
  const { name, force_delete } = call.fields;
  if (typeof name !== "string") throw new ApiError(400, "name is required: the workspace's exact name.");
  if (/\p{Extended_Pictographic}/u.test(name)) throw new ApiError(400, "name: invalid value.");
  if (name !== workspace.fields["name"])
    throw new ApiError(400, "name is not this workspace's name, without its icon.");
  const inside = findContents(call, workspace);
  if (inside.length > 0 && force_delete !== true) {
    throw new ApiError(
      409,
      `The workspace still holds ${inside.length} resources; send force_delete: true to delete them too.`,
    );
  }
  for (const entity of inside) removeEntity(call, entity);
  removeEntity(call, workspace);
  return { done: true };
};

function findContents(call: Call, workspace: Entity): Entity[] {
  return dependents.flatMap((kind) =>
    call.world.store.all(kind).filter((entry) => !entry.archived && entry.fields["workspace_id"] === workspace.id),
  );
}

export const workspaceHandlers: Readonly<Record<string, Handler>> = {
  "POST /admin/workspaces": createWorkspace,
  "DELETE /admin/workspaces/{}": deleteWorkspace,
};
