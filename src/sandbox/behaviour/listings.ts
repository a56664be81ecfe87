/**
 * Lists that follow from other resources and are changed in bulk: an integration's models and workspaces, a server's
 * capabilities and users. The state holds only what was changed.
 */
import { isObject, ownMember, setMembers } from "../../catalog/json.ts";
import { ApiError } from "../http/api-error.ts";
import type { Handler, Call } from "./call.ts";
import { nameless, type ApiDocument } from "../shapes/document.ts";
import { applyFilters } from "../shapes/filters.ts";
import { listOf, objectOf, without, type Json } from "../json.ts";
import { extraMembers, derivedItems, itemsAt, keyOf, changesKey } from "./listing-sources.ts";
import { pageOf } from "../shapes/paging.ts";
import { viewOfJson } from "../shapes/views.ts";

/** Body fields that throw away earlier changes before their own. */
const overrides = ["override_existing_workspace_access", "override_existing"];

/** Whether a path is such a list: it has a source, or it is changed by sending a list of its items. */
export function isListing(document: ApiDocument, path: string): boolean {
  return derivedItems[path] !== undefined || bodyList(document, path) !== undefined;
}

export const readListing: Handler = (call) => {
  const items = currentItems(call).filter((item) => isWithinReach(call, item));
  const names = items.filter((item) => typeof item === "string");
  const views = items.filter(isObject).map((item) => viewOfJson(`${placeOf(call)}/${keyOf(item)}`, item));
  const path = nameless(call.operation.path);
  return {
    page: pageOf(call, [...names, ...applyFilters(call, views)], {
      ...extraMembers[path]?.(items.map(objectOf)),
      ...call.world.store.document(placeOf(call)),
    }),
  };
};

export const updateListing: Handler = (call) => {
  const path = nameless(call.operation.path);
  const field = bodyList(call.world.document, path);
  const changes = call.world.store.changes(placeOf(call));
  const sent = field === undefined ? [] : listOf(call.fields[field]).map((item) => knownItem(call, item));
  if (overrides.some((name) => call.fields[name] === true)) changes.clear();
  for (const item of sent) {
    const key = keyOf(item);
    changes.set(key, isObject(item) ? { ...changes.get(key), ...item } : { value: item });
  }
  setMembers(call.world.store.document(placeOf(call)), without(call.fields, field ?? "", ...overrides));
  return { done: true };
};

/** DELETE on the list itself: the items its query names, or all of them. */
export const removeFromListing: Handler = (call) => {
  const changes = call.world.store.changes(placeOf(call));
  const slugs = call.listQuery("slugs");
  const wanted = (item: Json) =>
    slugs
      ? slugs.includes(keyOf(item))
      : call.query["user_id"] === undefined || item["user_id"] === call.query["user_id"];
  for (const item of currentItems(call)) if (wanted(objectOf(item))) changes.set(keyOf(item), null);
  return { done: true };
};

/** Lists of workspaces, by the field that names one. */
const workspaceField: Readonly<Record<string, string>> = {
  "/agent-integrations/{}/workspaces": "id",
  "/integrations/{}/workspaces": "id",
  "/mcp-integrations/{}/workspaces": "id",
  "/workspace-exclusions/input-guardrails": "workspace_id",
  "/workspace-exclusions/output-guardrails": "workspace_id",
};

/** Lists that take items of a caller's own: models that nobody listed. */
const open = new Set(["/integrations/{}/models"]);

/**
 * An item as the list itself names it, whichever of id and slug was sent. 403: no such workspace, or another's.
 * 404: the list has no such item.
 */
function knownItem(call: Call, item: unknown): unknown {
  const path = nameless(call.operation.path);
  const field = ownMember(workspaceField, path);
  if (field !== undefined && isObject(item)) {
    const workspace = call.world.workspace(call.workspaceId(item[field]));
    return { ...item, [field]: path.startsWith("/integrations/") ? workspace?.fields["slug"] : workspace?.id };
  }
  if (derivedItems[path] === undefined || open.has(path)) return item;
  if (currentItems(call).some((each) => keyOf(each) === keyOf(item))) return item;
  throw new ApiError(404, `There is no ${keyOf(item)} in this list.`);
}

/** A workspace key sees its own workspace's entry alone. */
function isWithinReach(call: Call, item: unknown): boolean {
  const field = ownMember(workspaceField, nameless(call.operation.path));
  const { workspaceId } = call.principal;
  if (field === undefined || workspaceId === undefined) return true;
  return call.world.workspace(objectOf(item)[field])?.id === workspaceId;
}

function currentItems(call: Call): unknown[] {
  return itemsAt(call.world, nameless(call.operation.path), parentOf(call));
}

function placeOf(call: Call): string {
  return changesKey(nameless(call.operation.path), parentOf(call));
}

function parentOf(call: Call): string | undefined {
  return call.values.length > 0 ? call.entity(call.values.length - 1).id : undefined;
}

function bodyList(document: ApiDocument, path: string): string | undefined {
  const put = document.find(`PUT ${path}`);
  if (!put?.body || !document.find(`GET ${path}`)) return undefined;
  const fields = Object.entries(document.schemas.resolve(put.body).properties ?? {});
  return fields.find(([, field]) => document.schemas.resolve(field).type === "array")?.[0];
}
