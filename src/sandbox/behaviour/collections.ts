/**
 * The handlers of operations that all collections of resources have: list, create, read, update, remove.
 */
import { setMembers } from "../../catalog/json.ts";
import { ApiError } from "../http/api-error.ts";
import type { Handler, Call } from "./call.ts";
import { withoutNames } from "../shapes/document.ts";
import { applyFilters } from "../shapes/filters.ts";
import { shortHash, toSlug } from "../state/ids.ts";
import { ownEntry, type Json } from "../json.ts";
import { takePage } from "../shapes/paging.ts";
import { references, findResource } from "./resources.ts";
import type { Entity } from "../state/store.ts";
import { rules } from "./rules/rules.ts";
import { addVersion, changesVersion, findVersion, isVersioned, takeContent } from "./versions.ts";
import { createView } from "../shapes/views.ts";

/** References that answers contain as an id, also where the slug was sent. */
const canonical = new Set([
  "agent_integration_id",
  "collection_id",
  "label_id",
  "mcp_integration_id",
  "parent_collection_id",
  "workspace_id",
]);

export const list: Handler = (call) => {
  const kind = withoutNames(call.operation.path);
  const parent = call.values.length > 0 ? call.entity(call.values.length - 1) : undefined;
  const wantsArchived = call.query["status"] === "archived";
  const entities = call.world.store
    .all(kind, parent?.id)
    .filter((entry) => entry.archived === wantsArchived && isVisible(call, entry));
  const views = entities.map((entry) =>
    createView(call.world, entry, undefined, entry.archived ? { status: "archived" } : {}),
  );
  return { page: takePage(call, applyFilters(call, views)) };
};

export const create: Handler = (call) => {
  const parent = call.values.length > 0 ? { parent: call.entity(call.values.length - 1).id } : {};
  return { one: createView(call.world, createEntity(call, withoutNames(call.operation.path), call.fields, parent)) };
};

/** One resource; with `?version=` (`latest`, `default` or a number) with the content of that version. */
export const read: Handler = (call) => {
  const entity = call.entity(call.values.length - 1);
  const { version } = call.query;
  const found = version ? findVersion(call.world, entity, version) : undefined;
  if (version && isVersioned(entity.kind) && !found) throw new ApiError(404, `There is no version ${version}.`);
  return { one: createView(call.world, entity, found, entity.archived ? { status: "archived" } : {}) };
};

export const update: Handler = (call) => {
  const entity = call.entity(call.values.length - 1);
  const before = entity.versions.at(-1);
  updateEntity(call, entity, call.fields);
  const newest = entity.versions.at(-1);
  return { one: createView(call.world, entity, newest === before ? undefined : newest) };
};

export const remove: Handler = (call) => {
  removeEntity(call, call.entity(call.values.length - 1));
  return { done: true };
};

/** Stores a new resource. Throws 409 where its slug is taken, 404 or 403 where a reference is missing or forbidden. */
export function createEntity(
  call: Call,
  kind: string,
  body: Json,
  more: { readonly id?: string; readonly parent?: string } = {},
): Entity {
  const { world } = call;
  const resource = findResource(kind);
  const rule = rules[kind];
  rule?.check?.(call, body);
  const id = more.id ?? world.nextId(kind);
  const workspace = findHomeWorkspace(call, kind, body);
  const at = world.timestamp();
  const fields: Json = {
    status: "active",
    organisation_id: world.organisation.id,
    owner_id: call.principal.userId,
    created_by: call.principal.userId,
    created_at: at,
    last_updated_at: at,
    ...resource.initial,
    ...storedFields(call, kind, body),
    ...rule?.keep?.(call, body),
    ...(workspace && { workspace_id: workspace }),
  };
  fields["slug"] = chooseSlug(call, kind, id, fields);
  const entity: Entity = {
    kind,
    id,
    ...(more.parent && { parent: more.parent }),
    fields,
    versions: [],
    published: 0,
    archived: false,
  };
  if (isVersioned(kind)) addVersion(world, entity, takeContent(kind, fields));
  return world.store.add(entity);
}

/** Merges `body` into a resource; null is a value too. New content makes a version. */
export function updateEntity(call: Call, entity: Entity, body: Json): void {
  const rule = rules[entity.kind];
  rule?.check?.(call, body, entity);
  const fields = { ...storedFields(call, entity.kind, body), ...rule?.keep?.(call, body, entity) };
  const content = takeContent(entity.kind, fields);
  setMembers(entity.fields, { ...fields, last_updated_at: call.world.timestamp(), updated_by: call.principal.userId });
  const newest = entity.versions.at(-1);
  if (changesVersion(entity.kind, content)) addVersion(call.world, entity, { ...newest?.content, ...content });
  else if (newest) setMembers(newest.content, content);
}

/** Archives a resource where its kind supports that; otherwise removes it. */
export function removeEntity(call: Call, entity: Entity): void {
  entity.archived = true;
  if (!findResource(entity.kind).archives) call.world.store.remove(entity);
}

function isVisible(call: Call, entity: Entity): boolean {
  try {
    call.ensureReach(entity);
    return true;
  } catch {
    return false;
  }
}

/** The body's fields as they are stored: renamed as in answers, references resolved, without actions. */
function storedFields(call: Call, kind: string, body: Json): Json {
  const { renames = {}, orders = [] } = findResource(kind);
  const kept = Object.entries(body).filter(([name]) => !orders.includes(name));
  return Object.fromEntries(
    kept.map(([name, value]) => [
      ownEntry(renames, name) ?? name,
      typeof value === "string" ? resolveReference(call, name, value) : value,
    ]),
  );
}

function resolveReference(call: Call, name: string, value: string): string {
  if (name === "workspace_id") return call.workspaceId(value);
  if (name === "virtual_key") return virtualKeySlug(call, value);
  const kind = ownEntry(references, name);
  if (!kind) return value;
  const target = call.world.store.find(kind, value);
  if (!target || target.archived) throw new ApiError(404, `${name}: there is no such resource: ${value}.`);
  call.ensureReach(target);
  if (name === "integration_id") return String(target.fields["slug"]);
  return canonical.has(name) ? target.id : value;
}

/** The slug of a virtual key, which answers contain also where the id was sent; an unknown name stays. */
function virtualKeySlug(call: Call, reference: string): string {
  const { store } = call.world;
  const found = store.find("/virtual-keys", reference) ?? store.find("/providers", reference);
  return String(found?.fields["slug"] ?? reference);
}

/** The workspace of a new resource: by its kind, its `workspace_id` or collection, and the key. */
function findHomeWorkspace(call: Call, kind: string, body: Json): string | undefined {
  const scope = findResource(kind).scope ?? "workspace";
  if (body["workspace_id"] !== undefined && body["workspace_id"] !== null)
    return call.workspaceId(body["workspace_id"]);
  if (scope === "organisation") return undefined;
  if (call.principal.workspaceId) return call.principal.workspaceId;
  if (scope === "either") return undefined;
  const collection =
    typeof body["collection_id"] === "string"
      ? call.world.store.find("/collections", body["collection_id"])
      : undefined;
  const home = collection?.fields["workspace_id"];
  return typeof home === "string" ? home : call.world.defaultWorkspace()?.id;
}

function chooseSlug(call: Call, kind: string, id: string, fields: Json): string {
  const { slugPrefix } = findResource(kind);
  const wanted = fields["slug"];
  const taken = (slug: string) =>
    call.world.store.all(kind).some((entry) => !entry.archived && entry.fields["slug"] === slug);
  if (typeof wanted === "string" && wanted !== "") {
    if (taken(wanted)) throw new ApiError(409, `The slug ${wanted} is taken.`);
    return wanted;
  }
  const base = [slugPrefix, toSlug(String(fields["name"] ?? kind))].filter(Boolean).join("-");
  return slugPrefix || taken(base) ? `${base}-${shortHash(id)}` : base;
}
