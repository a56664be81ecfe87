/**
 * Makes one large object fit: its largest members are replaced by a placeholder, deepest first, so that as much as
 * possible of the rest stays. Members that hold secrets always stay.
 */
import { isObject } from "../../catalog/json.ts";
import { isSecretName } from "../../log/mask.ts";
import { formatPath } from "../request/problem.ts";

export interface Folded {
  readonly value: unknown;
  /** The members left out, as `fields` would name them, largest first. */
  readonly leftOut: readonly string[];
}

/** A placeholder is about this long; smaller members are not worth folding. */
const PLACEHOLDER_BYTES = 60;
/** What an object keeps for its small members, where there is room for that. */
const GENTLE_BYTES = 1_000;

/** The length of a value as compact JSON in UTF-8. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? "", "utf8");
}

/** `value` in at most about `maxBytes`. */
export function fold(value: unknown, maxBytes: number): Folded {
  const gentle = foldAt(value, maxBytes, [], GENTLE_BYTES);
  return jsonBytes(gentle.value) <= maxBytes ? gentle : foldAt(value, maxBytes, [], PLACEHOLDER_BYTES);
}

/**
 * Folds from the largest member on until the excess is gone. An object among them keeps `floor` bytes, so that its
 * small members stay. Only with the lowest floor are members dropped that are too small to fold.
 */
function foldAt(value: unknown, maxBytes: number, at: readonly string[], floor: number): Folded {
  const bytes = jsonBytes(value);
  if (bytes <= maxBytes) return { value, leftOut: [] };
  if (!isObject(value)) return { value: placeholder(bytes), leftOut: [formatPath(at)] };
  const members = Object.entries(value).map(([name, member]) => ({ name, member, size: jsonBytes(member) }));
  const largest = members
    .filter(({ name, member }) => !isKept(name, member))
    .sort((one, other) => other.size - one.size);
  const replaced = new Map<string, unknown>();
  const leftOut: string[] = [];
  let excess = bytes - maxBytes;
  for (const { name, member, size } of largest) {
    if (excess <= 0 || size <= 2 * PLACEHOLDER_BYTES) break;
    const room = Math.max(size - excess, floor);
    const deeper = isObject(member) && room > PLACEHOLDER_BYTES;
    const folded = deeper
      ? foldAt(member, room, [...at, name], floor)
      : { value: placeholder(size), leftOut: [formatPath([...at, name])] };
    replaced.set(name, folded.value);
    leftOut.push(...folded.leftOut);
    excess -= size - jsonBytes(folded.value);
  }
  const kept = Object.entries(value).map(([name, member]): [string, unknown] => [
    name,
    replaced.has(name) ? replaced.get(name) : member,
  ]);
  if (excess <= 0 || floor > PLACEHOLDER_BYTES) return { value: Object.fromEntries(kept), leftOut };
  return dropTail(kept, excess, at, leftOut);
}

function isKept(name: string, member: unknown): boolean {
  return typeof member === "string" && isSecretName(name);
}

/** For an object of very many small members: the last ones go, counted. */
function dropTail(
  entries: readonly [string, unknown][],
  excess: number,
  at: readonly string[],
  leftOut: readonly string[],
): Folded {
  let left = excess;
  let dropped = 0;
  const kept = [...entries].reverse().filter(([name, member]) => {
    if (left <= 0 || isKept(name, member)) return true;
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
