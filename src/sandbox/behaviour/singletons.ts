/**
 * Handlers for what is neither a collection nor an item of one: singletons, versions and actions.
 */
import { setMembers } from "../../catalog/json.ts";
import { ApiError } from "../http/api-error.ts";
import type { Handler, Call } from "./call.ts";
import { nameless } from "../shapes/document.ts";
import type { Entity, Version } from "../state/store.ts";
import { findVersion, versionList } from "./versions.ts";
import { viewOf, viewOfJson } from "../shapes/views.ts";
import { pageOf } from "../shapes/paging.ts";

export const readDocument: Handler = (call) => ({
  one: viewOfJson(placeOf(call), call.world.store.document(placeOf(call))),
});

/** Merges the body; null stays null. */
export const updateDocument: Handler = (call) => {
  setMembers(call.world.store.document(placeOf(call)), call.fields);
  return { done: true };
};

export const listVersions: Handler = (call) => ({ page: pageOf(call, versionList(call.entity())) });

export const readVersion: Handler = (call) => {
  const [entity, version] = versionAt(call);
  return { one: viewOf(call.world, entity, version) };
};

export const updateVersion: Handler = (call) => {
  const [, version] = versionAt(call);
  const label = call.fields["label_id"];
  if (typeof label === "string" && !call.world.store.find("/labels", label))
    throw new ApiError(404, `No label has the id ${label}.`);
  setMembers(version.content, call.fields);
  return { done: true };
};

/** An action without a handler of its own: the resource must exist, and the answer says that the action was done. */
export const performAction: Handler = (call) => {
  const entity = call.values.length > 0 ? call.entity(call.values.length - 1) : undefined;
  return { one: entity ? viewOf(call.world, entity) : viewOfJson(call.operation.key, { success: true }) };
};

function versionAt(call: Call): [Entity, Version] {
  const entity = call.entity();
  const reference = call.values.at(-1) ?? "";
  const version = findVersion(call.world, entity, reference);
  if (!version) throw new ApiError(404, `There is no version ${reference}.`);
  return [entity, version];
}

function placeOf(call: Call): string {
  const path = nameless(call.operation.path);
  return call.values.length > 0 ? `${path}#${call.entity(call.values.length - 1).id}` : path;
}
