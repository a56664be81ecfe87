/**
 * API keys: the secret is shown once, at creation; after a rotation both secrets work for a transition period.
 */
import { ApiError, BadGateway } from "../http/api-error.ts";
import type { Handler, Call } from "./call.ts";
import { createEntity } from "./collections.ts";
import { shortHash } from "../state/ids.ts";
import { asList, without } from "../json.ts";
import { checkTransition } from "./rules/rotation.ts";
import { administers } from "../http/principal.ts";
import { createView } from "../shapes/views.ts";

const halfHour = 30 * 60_000;
const levels = new Set(["organisation", "workspace"]);
const owners = new Set(["service", "user"]);

const createKey: Handler = (call) => {
  const [level = "", owner = ""] = call.values;
  // Portkey's answers have three types; the document also allows a fourth pair, which is mapped to one of them.
  const type = level === "organisation" ? "organisation-service" : `workspace-${owner}`;
  if (!levels.has(level) || !owners.has(owner))
    throw new ApiError(400, "A key's type is organisation or workspace, its sub-type service or user.");
  if (level === "organisation" && !administers(call.principal))
    throw new ApiError(403, "Only an admin key can make a key of the organisation.");
  if (asList(call.fields["scopes"]).length === 0) throw new BadGateway();
  checkOwner(call, level, owner);
  const home = { workspace_id: call.principal.workspaceId ?? call.world.defaultWorkspace()?.id };
  const person = owner === "user" ? { user_id: call.principal.userId } : {};
  const key = createEntity(
    call,
    "/api-keys",
    level === "organisation"
      ? { ...without(call.fields, "workspace_id"), type }
      : { ...home, ...person, ...call.fields, type },
  );
  const secret = call.world.keys.issue(key, newSecret(call, key.id));
  return { one: createView(call.world, key, undefined, { key: secret }) };
};

/** An admin key must say which workspace a key belongs to; a workspace key makes keys of its own workspace. */
function checkOwner(call: Call, level: string, owner: string): void {
  if (level === "organisation" || call.principal.kind !== "admin") return;
  const needed = owner === "user" ? ["workspace_id", "user_id"] : ["workspace_id"];
  const missing = needed.find((name) => !call.fields[name]);
  if (missing) throw new ApiError(400, `${missing} is required for a ${owner} key of a workspace.`);
}

const rotate: Handler = (call) => {
  const key = call.entity();
  const { now, keys } = call.world;
  const period = call.fields["key_transition_period_ms"];
  checkTransition(period);
  const until = now() + (typeof period === "number" ? period : halfHour);
  const secret = keys.rotate(key, newSecret(call, key.id), until);
  return {
    one: createView(call.world, key, undefined, {
      key: secret,
      key_transition_expires_at: new Date(until).toISOString(),
    }),
  };
};

function newSecret(call: Call, id: string): string {
  return `pk-sandbox-${shortHash(call.world.nextId(`secret of ${id}`), 24)}`;
}

export const apiKeyHandlers: Readonly<Record<string, Handler>> = {
  "POST /api-keys/{}/{}": createKey,
  "POST /api-keys/{}/rotate": rotate,
};
