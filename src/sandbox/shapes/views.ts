/**
 * A resource as answers see it: its stored fields, those of its version, and those computed from other resources.
 */
import { isObject } from "../../catalog/json.ts";
import { computedFields } from "./computed.ts";
import type { Json } from "../json.ts";
import { resourceOf } from "../behaviour/resources.ts";
import type { View } from "./shape.ts";
import type { Entity, Version } from "../state/store.ts";
import { publishedVersion, versionFields } from "../behaviour/versions.ts";
import type { World } from "../state/world.ts";

/** Fields that hold credentials somewhere inside, and the names under which they do. */
const credentialFields = new Set(["configurations", "credentials"]);
const secretName = /secret(?!_path)|password|token|^key$|private_key|authorization/i;

/** The resource as its published version makes it, or as `version` does. `extra` goes before everything else. */
export function viewOf(
  world: World,
  entity: Entity,
  version: Version | undefined = publishedVersion(entity),
  extra: Json = {},
): View {
  const storedFields: Json = {
    id: entity.id,
    object: resourceOf(entity.kind).object,
    ...entity.fields,
    ...versionFields(entity, version),
    ...extra,
  };
  const computedHere = computedFields[entity.kind] ?? {};
  const get = (field: string): unknown => {
    if (extra[field] !== undefined) return extra[field];
    const compute = computedHere[field];
    const value = compute ? compute(entity, world) : storedFields[field];
    return credentialFields.has(field) ? masked(value) : value;
  };
  return {
    id: entity.id,
    get,
    all: () => {
      const names = new Set([...Object.keys(storedFields), ...Object.keys(computedHere)]);
      // A stored key is a secret. Only a computed one, which is masked, may be answered.
      if (computedHere["key"] === undefined) names.delete("key");
      return Object.fromEntries([...names].map((name) => [name, get(name)]));
    },
  };
}

/** Plain values as a view. */
export function viewOfJson(id: string, values: Json): View {
  return { id, get: (field) => values[field], all: () => values };
}

function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      typeof inner === "string" && secretName.test(name) ? "***" : masked(inner),
    ]),
  );
}
