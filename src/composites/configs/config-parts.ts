/** Finds the parts of a config that the rules check (targets, strategies, conditions, …), each with its path. */
import { isObject, type Json } from "../../catalog/json.ts";

export type PartKind = "target" | "strategy" | "condition" | "sticky" | "breaker" | "cache" | "retry" | "hook";

export interface Part {
  readonly kind: PartKind;
  readonly value: Json;
  /** `config.targets[0].strategy` */
  readonly path: string;
  /** The target that it belongs to; a target belongs to itself. */
  readonly target: Json;
}

/** Members that hold a part, by the kind of the part that has them. */
const INNER: Readonly<Partial<Record<PartKind, Readonly<Record<string, PartKind>>>>> = {
  target: {
    strategy: "strategy",
    cache: "cache",
    retry: "retry",
    cb_config: "breaker",
    targets: "target",
    before_request_hooks: "hook",
    after_request_hooks: "hook",
  },
  strategy: { conditions: "condition", sticky: "sticky", cb_config: "breaker" },
};

/** Every part of a config at any depth; the config itself is the first, as a target. */
export function findParts(config: Json, path = "config"): Part[] {
  return findPartsIn("target", config, path, config);
}

function findPartsIn(kind: PartKind, value: Json, path: string, target: Json): Part[] {
  const inner = Object.entries(INNER[kind] ?? {}).flatMap(([name, innerKind]) =>
    objectsAt(value[name], `${path}.${name}`).flatMap(([part, at]) =>
      findPartsIn(innerKind, part, at, innerKind === "target" ? part : target),
    ),
  );
  return [{ kind, value, path, target }, ...inner];
}

/** An object itself, or the objects of a list, with their paths. Other types are checked by the schema. */
function objectsAt(value: unknown, path: string): (readonly [Json, string])[] {
  if (isObject(value)) return [[value, path]];
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  return items.flatMap((item, index) => (isObject(item) ? [[item, `${path}[${index}]`] as const] : []));
}
