/**
 * People: invitations that become users and members when accepted, members of workspaces.
 */
import { ApiError } from "../http/api-error.ts";
import { readObjects, type Handler, type Call } from "./call.ts";
import { createEntity } from "./collections.ts";
import { toSlug } from "../state/ids.ts";
import { asList, asObject } from "../json.ts";
import type { Entity } from "../state/store.ts";
import { createView, createJsonView } from "../shapes/views.ts";
import type { World } from "../state/world.ts";

const members = "/admin/workspaces/{}/users";
const week = 7 * 86_400_000;

const invite: Handler = (call) => {
  const { email } = call.fields;
  const known = call.world.store.all("/admin/users").some((user) => user.fields["email"] === email);
  if (known) throw new ApiError(409, `${String(email)} is already a user.`);
  for (const workspace of readObjects(call.fields, "workspaces")) call.workspaceId(workspace["id"]);
  const entity = createEntity(call, "/admin/users/invites", {
    ...call.fields,
    expires_at: new Date(call.world.now() + week).toISOString(),
  });
  return { one: createView(call.world, entity, undefined, { invite_link: inviteLink(call, entity) }) };
};

const resend: Handler = (call) => {
  const entity = call.entity();
  if (entity.fields["status"] !== "pending")
    throw new ApiError(400, `The invite is ${String(entity.fields["status"])}.`);
  entity.fields["expires_at"] = new Date(call.world.now() + week).toISOString();
  return { one: createJsonView(entity.id, { inviteLink: inviteLink(call, entity) }) };
};

const addMembers: Handler = (call) => {
  const workspace = call.entity();
  for (const { id, role } of readObjects(call.fields, "users")) {
    const user = call.world.store.find("/admin/users", String(id));
    if (!user) throw new ApiError(404, `No user has the id ${String(id)}.`);
    addMember(call.world, workspace, user.id, role);
  }
  return { done: true };
};

const removeUser: Handler = (call) => {
  const user = call.entity();
  const { store } = call.world;
  for (const membership of store.all(members).filter((entry) => entry.id === user.id)) store.remove(membership);
  store.remove(user);
  return { done: true };
};

/** Adds a member to a workspace, or changes a member's role. */
export function addMember(world: World, workspace: Entity, userId: string, role: unknown): void {
  const at = world.timestamp();
  const known = world.store.find(members, userId, workspace.id);
  if (known) known.fields["role"] = role ?? known.fields["role"];
  else
    world.store.add({
      kind: members,
      id: userId,
      parent: workspace.id,
      fields: { role: role ?? "member", created_at: at, last_updated_at: at },
      versions: [],
      published: 0,
      archived: false,
    });
}

/** Accepts an invitation, as its link does: the person becomes a user and a member of its workspaces. */
export function acceptInvite(world: World, inviteId: string): Entity {
  const entity = world.store.find("/admin/users/invites", inviteId);
  if (!entity || entity.fields["status"] !== "pending") throw new ApiError(404, "There is no such pending invite.");
  const at = world.timestamp();
  const { email, role, workspaces } = entity.fields;
  Object.assign(entity.fields, { status: "accepted", accepted_at: at });
  const [name = "New", family = "User"] = toSlug(String(email).split("@")[0] ?? "")
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const user = world.store.add({
    kind: "/admin/users",
    id: world.nextId("/admin/users"),
    versions: [],
    published: 0,
    archived: false,
    fields: { email, role, first_name: name, last_name: family, created_at: at, last_updated_at: at },
  });
  for (const entry of asList(workspaces).map(asObject)) {
    const workspace = world.workspace(entry["id"]);
    if (workspace) addMember(world, workspace, user.id, entry["role"]);
  }
  return user;
}

function inviteLink(call: Call, entity: Entity): string {
  return `${call.origin}/__sandbox/invites/${entity.id}/accept`;
}

export const userHandlers: Readonly<Record<string, Handler>> = {
  "POST /admin/users/invites": invite,
  "POST /admin/users/invites/{}/resend": resend,
  "DELETE /admin/users/{}": removeUser,
  "POST /admin/workspaces/{}/users": addMembers,
};
