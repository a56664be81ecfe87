/** A part of a JSON value by its path: `data[name=Dev].id`, `[0].slug`, `usage_limits[0].credit_limit`. */

/** The part, or undefined where the path leads nowhere. An empty path is the whole value. */
export function pick(value: unknown, path: string): unknown {
  let part = value;
  for (const [, name, condition] of path.matchAll(/([^.[\]]+)|\[([^\]]+)\]/g)) {
    if (part === null || typeof part !== "object") return undefined;
    part = condition === undefined ? memberOf(part, name as string) : itemOf(part, condition);
  }
  return part;
}

function memberOf(holder: object, name: string): unknown {
  return Object.hasOwn(holder, name) ? (holder as Record<string, unknown>)[name] : undefined;
}

/** By index, or the first item with a member of that value. */
function itemOf(list: object, condition: string): unknown {
  if (!Array.isArray(list)) return undefined;
  const [name = "", wanted] = condition.split("=");
  if (wanted === undefined) return list[Number(name)] as unknown;
  return list.find((item) => String(pick(item, name)) === wanted) as unknown;
}
