/**
 * Pairs the items of two workspaces: by name and collection, then by name, then by name without the environment.
 */
import type { Json } from "../../catalog/json.ts";
import { withoutEnvironment } from "../prompts/environment-names.ts";
import { displayName } from "./read-workspace.ts";

export interface MatchResult {
  readonly pairs: readonly (readonly [source: Json, target: Json])[];
  readonly onlyInSource: readonly Json[];
  readonly onlyInTarget: readonly Json[];
}

type KeyOf = (item: Json) => string;

/** From the strictest to the loosest. A key pairs two items only where it is unique on both sides. */
const KEYS: readonly KeyOf[] = [
  (item) => JSON.stringify([item["collection"], labelItem(item)]),
  labelItem,
  (item) => withoutEnvironment(labelItem(item)),
];

export function matchItems(source: readonly Json[], target: readonly Json[]): MatchResult {
  const pairs: [Json, Json][] = [];
  let [left, right] = [source, target];
  for (const keyOf of KEYS) {
    const there = indexUnique(right, keyOf);
    for (const [key, item] of indexUnique(left, keyOf)) {
      const match = there.get(key);
      if (match !== undefined) pairs.push([item, match]);
    }
    const paired = new Set(pairs.flat());
    [left, right] = [left, right].map((items) => items.filter((item) => !paired.has(item))) as [Json[], Json[]];
  }
  return { pairs, onlyInSource: left, onlyInTarget: right };
}

function indexUnique(items: readonly Json[], keyOf: KeyOf): Map<string, Json> {
  const found = new Map<string, Json>();
  const twice = new Set<string>();
  for (const item of items) {
    const key = keyOf(item);
    if (found.has(key)) twice.add(key);
    found.set(key, item);
  }
  for (const key of twice) found.delete(key);
  return found;
}

/** An item's name; for a policy without one, its type and conditions. */
function labelItem(item: Json): string {
  return (
    displayName({ ...item, id: undefined }) ?? JSON.stringify([item["type"], item["conditions"], item["group_by"]])
  );
}
