/**
 * Makes the view of a resource: its stored fields, those of a version, and computed ones.
 */
import { isObject } from "../../catalog/json.ts";
import { computedFields } from "./computed.ts";
import type { Json } from "../json.ts";
import { findResource } from "../behaviour/resources.ts";
import type { View } from "./shape.ts";
import type { Entity, Version } from "../state/store.ts";
import { publishedVersion, versionFields } from "../behaviour/versions.ts";
import type { World } from "../state/world.ts";

/** Fields with credentials inside, and the names of secrets there. */
const credentialFields = new Set(["configurations", "credentials"]);
const secretName = /secret(?!_path)|password|token|^key$|private_key|authorization/i;

/** The view of a resource with its published version, or with `version`. `extra` takes precedence over all fields. */
export function createView(
  world: World,
  entity: Entity,
  version: Version | undefined = publishedVersion(entity),
  extra: Json = {},
): View {
  const storedFields: Json = {
    id: entity.id,
    object: findResource(entity.kind).object,
    ...entity.fields,
    ...versionFields(entity, version),
    ...extra,
  };
  const computedHere = computedFields[entity.kind] ?? {};
  const get = (field: string): unknown => {
    if (extra[field] !== undefined) return extra[field];
    const compute = computedHere[field];
    const value = compute ? compute(entity, world) : storedFields[field];
    return credentialFields.has(field) ? mask(value) : value;
  };
  return {
    id: entity.id,
    get,
    all: () => {
      const names = new Set([...Object.keys(storedFields), ...Object.keys(computedHere)]);
      // A stored key is a secret; only a computed one is masked.
      if (computedHere["key"] === undefined) names.delete("key");
      return Object.fromEntries([...names].map((name) => [name, get(name)]));
    },
  };
}

/** The view of a plain JSON object. */
export function createJsonView(id: string, values: Json): View {
  return { id, get: (field) => values[field], all: () => values };
}

function mask(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mask);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      typeof inner === "string" && secretName.test(name) ? "***" : mask(inner),
    ]),
  );
}
