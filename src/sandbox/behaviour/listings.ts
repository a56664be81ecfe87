/**
 * Lists that follow from other resources and are changed in bulk: an integration's models and workspaces, a server's
 * capabilities and users. The state holds only what was changed.
 */
import { isObject } from "../../catalog/json.ts";
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
  const items = currentItems(call);
  const names = items.filter((item) => typeof item === "string");
  const views = items.filter(isObject).map((item) => viewOfJson(`${placeOf(call)}/${keyOf(item)}`, item));
  const path = nameless(call.operation.path);
  return {
    page: pageOf(call, [...names, ...applyFilters(call, views)], {
      ...call.world.store.document(placeOf(call)),
      ...extraMembers[path]?.(items.map(objectOf)),
    }),
  };
};

export const updateListing: Handler = (call) => {
  const path = nameless(call.operation.path);
  const field = bodyList(call.world.document, path);
  const changes = call.world.store.changes(placeOf(call));
  if (overrides.some((name) => call.fields[name] === true)) changes.clear();
  for (const item of field === undefined ? [] : listOf(call.fields[field])) {
    const key = keyOf(item);
    changes.set(key, isObject(item) ? { ...changes.get(key), ...item } : { value: item });
  }
  Object.assign(call.world.store.document(placeOf(call)), without(call.fields, field ?? "", ...overrides));
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
