/**
 * Handlers of paths that are no collections or items: singletons, versions and actions.
 */
import { setMembers } from "../../catalog/json.ts";
import { ApiError } from "../http/api-error.ts";
import type { Handler, Call } from "./call.ts";
import { withoutNames } from "../shapes/document.ts";
import type { Entity, Version } from "../state/store.ts";
import { findVersion, versionList } from "./versions.ts";
import { createView, createJsonView } from "../shapes/views.ts";
import { takePage } from "../shapes/paging.ts";

export const readDocument: Handler = (call) => ({
  one: createJsonView(documentKey(call), call.world.store.document(documentKey(call))),
});

/** Merges the body; null is stored as a value. */
export const updateDocument: Handler = (call) => {
  setMembers(call.world.store.document(documentKey(call)), call.fields);
  return { done: true };
};

export const listVersions: Handler = (call) => ({ page: takePage(call, versionList(call.entity())) });

export const readVersion: Handler = (call) => {
  const [entity, version] = findVersionAt(call);
  return { one: createView(call.world, entity, version) };
};

export const updateVersion: Handler = (call) => {
  const [, version] = findVersionAt(call);
  const label = call.fields["label_id"];
  if (typeof label === "string" && !call.world.store.find("/labels", label))
    throw new ApiError(404, `No label has the id ${label}.`);
  setMembers(version.content, call.fields);
  return { done: true };
};

/** Handles any other action: the resource must exist, and the answer reports success. */
export const performAction: Handler = (call) => {
  const entity = call.values.length > 0 ? call.entity(call.values.length - 1) : undefined;
  return { one: entity ? createView(call.world, entity) : createJsonView(call.operation.key, { success: true }) };
};

function findVersionAt(call: Call): [Entity, Version] {
  const entity = call.entity();
  const reference = call.values.at(-1) ?? "";
  const version = findVersion(call.world, entity, reference);
  if (!version) throw new ApiError(404, `There is no version ${reference}.`);
  return [entity, version];
}

function documentKey(call: Call): string {
  const path = withoutNames(call.operation.path);
  return call.values.length > 0 ? `${path}#${call.entity(call.values.length - 1).id}` : path;
}
