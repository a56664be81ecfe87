/**
 * Makes one large object fit: its largest members are replaced by a line that says so, deepest first, so that as much as
 * possible of the rest stays. Members that hold secrets always stay.
 */
import { isSecretName } from "../log/mask.ts";
import { isObject } from "./arguments.ts";
import { formatPath } from "./problem.ts";

export interface Folded {
  readonly value: unknown;
  /** The members left out, as `fields` would name them, largest first. */
  readonly leftOut: readonly string[];
}

/** A placeholder is about this long; smaller members are not worth folding. */
const PLACEHOLDER_BYTES = 60;

/** The length of a value as compact JSON in UTF-8. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? "", "utf8");
}

/** `value` in at most about `maxBytes`. `at` is where it stands in the answer. */
export function fold(value: unknown, maxBytes: number, at: readonly string[] = []): Folded {
  const bytes = jsonBytes(value);
  if (bytes <= maxBytes) return { value, leftOut: [] };
  if (!isObject(value)) return { value: placeholder(bytes), leftOut: [formatPath(at)] };
  const members = Object.entries(value).map(([name, member]) => ({ name, member, bytes: jsonBytes(member) }));
  const largest = members.filter(({ name, member }) => !(isSecretName(name) && typeof member === "string")).sort((one, other) => other.bytes - one.bytes);
  const replaced = new Map<string, unknown>();
  const leftOut: string[] = [];
  let excess = bytes - maxBytes;
  for (const { name, member, bytes: size } of largest) {
    if (excess <= 0 || size <= 2 * PLACEHOLDER_BYTES) break;
    const room = Math.max(size - excess, PLACEHOLDER_BYTES);
    const folded = isObject(member) && room > PLACEHOLDER_BYTES ? fold(member, room, [...at, name]) : undefined;
    replaced.set(name, folded?.value ?? placeholder(size));
    leftOut.push(...(folded?.leftOut ?? [formatPath([...at, name])]));
    excess -= size - jsonBytes(replaced.get(name));
  }
  const kept = Object.entries(value).map(([name, member]): [string, unknown] => [name, replaced.has(name) ? replaced.get(name) : member]);
  if (excess <= 0) return { value: Object.fromEntries(kept), leftOut };
  return dropTail(kept, excess, at, leftOut);
}

/** For an object of very many small members: the last ones go, counted. */
function dropTail(entries: readonly [string, unknown][], excess: number, at: readonly string[], leftOut: readonly string[]): Folded {
  let left = excess;
  let dropped = 0;
  const kept = [...entries].reverse().filter(([name, member]) => {
    if (left <= 0 || (isSecretName(name) && typeof member === "string")) return true;
    left -= jsonBytes(name) + jsonBytes(member) + 2;
    dropped++;
    return false;
  });
  const where = at.length === 0 ? "" : ` of ${formatPath(at)}`;
  return { value: Object.fromEntries(kept.reverse()), leftOut: [...leftOut, `the last ${dropped} members${where}`] };
}

function placeholder(bytes: number): string {
  return `[left out: ${bytes} bytes, see _cut]`;
}
