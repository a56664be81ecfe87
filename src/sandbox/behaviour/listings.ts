/**
 * Lists that are derived from other resources and changed in bulk: an integration's models and workspaces, a server's
 * capabilities and users. The store holds only the changes.
 */
import { isObject, ownMember, setMembers } from "../../catalog/json.ts";
import { ApiError } from "../http/api-error.ts";
import type { Handler, Call } from "./call.ts";
import { withoutNames, type ApiDocument } from "../shapes/document.ts";
import { applyFilters } from "../shapes/filters.ts";
import { asList, asObject, without, type Json } from "../json.ts";
import { extraMembers, derivedItems, listItems, itemKey, changesKey } from "./listing-sources.ts";
import { takePage } from "../shapes/paging.ts";
import { createJsonView } from "../shapes/views.ts";

/** Body fields that discard earlier changes before the new ones apply. */
const overrides = ["override_existing_workspace_access", "override_existing"];

/** Whether a path is such a list: it has a source, or is updated with a list of items. */
export function isListing(document: ApiDocument, path: string): boolean {
  return derivedItems[path] !== undefined || findBodyList(document, path) !== undefined;
}

export const readListing: Handler = (call) => {
  const items = currentItems(call).filter((item) => isWithinReach(call, item));
  const names = items.filter((item) => typeof item === "string");
  const views = items.filter(isObject).map((item) => createJsonView(`${listKey(call)}/${itemKey(item)}`, item));
  const path = withoutNames(call.operation.path);
  return {
    page: takePage(call, [...names, ...applyFilters(call, views)], {
      ...extraMembers[path]?.(items.map(asObject)),
      ...call.world.store.document(listKey(call)),
    }),
  };
};

export const updateListing: Handler = (call) => {
  const path = withoutNames(call.operation.path);
  const field = findBodyList(call.world.document, path);
  const changes = call.world.store.changes(listKey(call));
  const sent = field === undefined ? [] : asList(call.fields[field]).map((item) => resolveItem(call, item));
  if (overrides.some((name) => call.fields[name] === true)) changes.clear();
  for (const item of sent) {
    const key = itemKey(item);
    changes.set(key, isObject(item) ? { ...changes.get(key), ...item } : { value: item });
  }
  setMembers(call.world.store.document(listKey(call)), without(call.fields, field ?? "", ...overrides));
  return { done: true };
};

/** Handles DELETE of the list: removes the items that the query names, or all. */
export const removeFromListing: Handler = (call) => {
  const changes = call.world.store.changes(listKey(call));
  const slugs = call.listQuery("slugs");
  const wanted = (item: Json) =>
    slugs
      ? slugs.includes(itemKey(item))
      : call.query["user_id"] === undefined || item["user_id"] === call.query["user_id"];
  for (const item of currentItems(call)) if (wanted(asObject(item))) changes.set(itemKey(item), null);
  return { done: true };
};

/** Lists of workspaces, and the field of an item that identifies its workspace. */
const workspaceField: Readonly<Record<string, string>> = {
  "/agent-integrations/{}/workspaces": "id",
  "/integrations/{}/workspaces": "id",
  "/mcp-integrations/{}/workspaces": "id",
  "/workspace-exclusions/input-guardrails": "workspace_id",
  "/workspace-exclusions/output-guardrails": "workspace_id",
};

/** Lists that accept unknown items, such as a caller's own models. */
const open = new Set(["/integrations/{}/models"]);

/**
 * An item with its workspace identified as in the list, whether the id or the slug was sent.
 * Throws 403 for an unknown or other workspace, 404 where the list has no such item.
 */
function resolveItem(call: Call, item: unknown): unknown {
  const path = withoutNames(call.operation.path);
  const field = ownMember(workspaceField, path);
  if (field !== undefined && isObject(item)) {
    const workspace = call.world.workspace(call.workspaceId(item[field]));
    return { ...item, [field]: path.startsWith("/integrations/") ? workspace?.fields["slug"] : workspace?.id };
  }
  if (derivedItems[path] === undefined || open.has(path)) return item;
  if (currentItems(call).some((entry) => itemKey(entry) === itemKey(item))) return item;
  throw new ApiError(404, `There is no ${itemKey(item)} in this list.`);
}

/** Whether the key may see an item: a workspace key sees only the item of its own workspace. */
function isWithinReach(call: Call, item: unknown): boolean {
  const field = ownMember(workspaceField, withoutNames(call.operation.path));
  const { workspaceId } = call.principal;
  if (field === undefined || workspaceId === undefined) return true;
  return call.world.workspace(asObject(item)[field])?.id === workspaceId;
}

function currentItems(call: Call): unknown[] {
  return listItems(call.world, withoutNames(call.operation.path), parentId(call));
}

function listKey(call: Call): string {
  return changesKey(withoutNames(call.operation.path), parentId(call));
}

function parentId(call: Call): string | undefined {
  return call.values.length > 0 ? call.entity(call.values.length - 1).id : undefined;
}

function findBodyList(document: ApiDocument, path: string): string | undefined {
  const put = document.find(`PUT ${path}`);
  if (!put?.body || !document.find(`GET ${path}`)) return undefined;
  const fields = Object.entries(document.schemas.resolve(put.body).properties ?? {});
  return fields.find(([, field]) => document.schemas.resolve(field).type === "array")?.[0];
}
