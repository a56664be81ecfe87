/**
 * Seeds the sandbox; resources are created by the same code as those of requests.
 * A user's seed replaces the built-in one by kind; other kinds keep the built-in seed.
 */
import { closestHint } from "../../errors/closest-name.ts";
import { Call } from "../behaviour/call.ts";
import { createEntity, updateEntity } from "../behaviour/collections.ts";
import { changesKey } from "../behaviour/listing-sources.ts";
import type { Operation } from "../shapes/document.ts";
import { uuid } from "./ids.ts";
import { asList, asObject, type Json } from "../json.ts";
import type { Principal } from "../http/principal.ts";
import builtIn from "../seed.json" with { type: "json" };
import type { Entity } from "./store.ts";
import type { TrafficPlan } from "../traffic/traffic.ts";
import { addMember } from "../behaviour/users.ts";
import type { World } from "./world.ts";

export interface SeedData {
  /** The workspace, by slug, that the workspace key belongs to. */
  readonly workspace?: string;
  /**
   * Resources by the path of their collection. An item is the body that would create it, and may also have `id`,
   * `slug`, `days_ago` (its age), `versions` (bodies of later versions) and `published` (the number of the live one).
   */
  readonly resources?: Readonly<Record<string, readonly Json[]>>;
  readonly traffic?: TrafficPlan;
}

export interface SeedKeys {
  readonly workspace: string;
  readonly admin: string;
}

export const seedKeys: SeedKeys = { workspace: "pk-sandbox-workspace", admin: "pk-sandbox-admin" };

const day = 86_400_000;
const seeder: Principal = {
  kind: "admin",
  keyId: uuid("seeder"),
  userId: uuid("/admin/users:ada@sandbox.example"),
  scopes: new Set(),
};

/** Fills an empty world. `scopes` are those of the two seeded keys. */
export function applySeed(
  world: World,
  seed: SeedData,
  scopes: { readonly workspace: readonly string[]; readonly admin: readonly string[] },
): void {
  const resources: Readonly<Record<string, readonly Json[]>> = { ...builtIn.resources, ...seed.resources };
  for (const kind of Object.keys(seed.resources ?? {})) checkKind(world, kind);
  const workspace = seed.workspace ?? builtIn.workspace;
  for (const [kind, items] of Object.entries(resources)) {
    for (const item of items) seedResource(world, kind, item);
    if (kind === "/admin/workspaces") seedApiKeys(world, workspace, scopes);
  }
  const plan = seed.traffic ?? builtIn.traffic;
  world.trafficPlan = {
    ...plan,
    profiles: plan.profiles.map((profile) => ({ ...profile, api_key: uuid(`/api-keys:${profile.api_key}`) })),
  };
}

function seedApiKeys(
  world: World,
  workspace: string,
  scopes: { readonly workspace: readonly string[]; readonly admin: readonly string[] },
): void {
  if (!world.workspace(workspace))
    throw new Error(`The seed's workspace key belongs to "${workspace}", which is none of its /admin/workspaces.`);
  seedResource(world, "/api-keys", {
    name: "Sandbox workspace key",
    type: "workspace-service",
    workspace_id: workspace,
    scopes: scopes.workspace,
    key: seedKeys.workspace,
  });
  seedResource(world, "/api-keys", {
    name: "Sandbox admin key",
    type: "organisation-service",
    scopes: scopes.admin,
    key: seedKeys.admin,
  });
}

function seedResource(world: World, kind: string, item: Json): Entity {
  const { id, days_ago, versions, published, key, users, ...body } = item;
  const name = String(item["slug"] ?? item["email"] ?? item["name"]);
  const call = seedCall(world, kind);
  if (kind === "/providers") grantAccess(world, body);
  const entity = createEntity(call, kind, body, { id: typeof id === "string" ? id : uuid(`${kind}:${name}`) });
  for (const version of asList(versions)) updateEntity(call, entity, asObject(version));
  if (typeof published === "number") entity.published = published;
  if (typeof key === "string" && kind === "/api-keys") world.keys.issue(entity, key);
  if (typeof days_ago === "number") backdate(world, entity, days_ago);
  for (const { email, role } of asList(users).map(asObject)) {
    const user = world.store.all("/admin/users").find((entry) => entry.fields["email"] === email);
    if (user) addMember(world, entity, user.id, role);
  }
  return entity;
}

/** Grants the workspace of a seeded provider access to its integration. */
function grantAccess(world: World, { integration_id, workspace_id }: Json): void {
  const integration = world.store.find("/integrations", String(integration_id));
  const workspace = world.workspace(workspace_id) ?? world.defaultWorkspace();
  if (!integration || !workspace) return;
  const id = String(workspace.fields["slug"]);
  world.store.changes(changesKey("/integrations/{}/workspaces", integration.id)).set(id, { id, enabled: true });
}

function backdate(world: World, entity: Entity, days: number): void {
  const at = new Date(Math.floor(world.now() / day) * day - days * day).toISOString();
  Object.assign(entity.fields, { created_at: at, last_updated_at: at });
  for (const version of entity.versions) Object.assign(version, { createdAt: at });
}

function seedCall(world: World, kind: string): Call {
  const operation: Operation = {
    method: "POST",
    path: kind,
    key: `POST ${kind}`,
    url: kind,
    parameters: [],
    query: {},
    requiredQuery: [],
    bodyRequired: false,
    status: 200,
    open: false,
  };
  return new Call(world, operation, seeder, { values: [], query: {}, body: undefined, headers: {}, origin: "" });
}

function checkKind(world: World, kind: string): void {
  const { document } = world;
  const known = [...new Set(document.operations.filter(({ path }) => !path.includes("{")).map(({ path }) => path))];
  if (known.includes(kind)) return;
  const hint = closestHint(kind, known, `: ${known.join(", ")}`);
  throw new Error(`The seed names "${kind}", which is no collection of the API${hint}.`);
}
