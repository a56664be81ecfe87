/**
 * Decides whether a value read back is the one that was written. Portkey stores some values in another form (1 for
 * true, JSON as text, an id for a slug); these are the same. Values that cannot be compared, such as masked secrets,
 * count as the same too, so that every reported difference is real.
 */
import { isDeepStrictEqual } from "node:util";
import { isObject } from "../../catalog/json.ts";
import { readTime } from "../../catalog/times.ts";
import { isSecretName } from "../../log/secret-names.ts";

/** Members that identify an item of a list, in order of precedence. */
const IDENTITY = ["id", "slug", "user_id", "workspace_id", "name"];
/** Fields that take a slug or an id, and are answered with either. */
const REFERENCE = /(^|_)(id|slug)$|^(virtual_key|provider)$/;
/** Fields that trigger an action and are not stored. */
const ORDER = /^(reset|override|rotate|force|send|is_?default$|patch$)/i;

const TRUE = new Set<unknown>([true, 1, "1", "true"]);
const FALSE = new Set<unknown>([false, 0, "0", "false"]);

/** `given` is the written value of the field `name`, `now` the one read back. */
export function isSameValue(name: string, given: unknown, now: unknown): boolean {
  const [wanted, found] = [parseJsonText(given), parseJsonText(now)];
  if (isDeepStrictEqual(wanted, found) || (isUnset(wanted) && isUnset(found))) return true;
  if (now === undefined || isSecretName(name) || ORDER.test(name) || isMasked(found)) return true;
  if (REFERENCE.test(name) && isText(wanted) && isText(found)) return true;
  if (isObject(wanted) && isObject(found))
    return Object.entries(wanted).every(([member, value]) => isSameValue(member, value, found[member]));
  if (Array.isArray(wanted) && Array.isArray(found)) return isSameList(name, wanted, found);
  return isSameScalar(wanted, found);
}

/** Whether all written items are in the list; where items have no identity, the lengths must be equal too. */
function isSameList(name: string, wanted: readonly unknown[], found: readonly unknown[]): boolean {
  return (
    wanted.every((item) => {
      if (!isObject(item)) return found.some((other) => isSameValue(name, item, other));
      const known = findSameItem(item, found);
      return known === undefined
        ? found.some((other) => isSameValue(name, item, other))
        : isSameValue(name, item, known);
    }) &&
    (wanted.length === found.length || wanted.some((item) => isObject(item) && findSameItem(item, found) !== undefined))
  );
}

/** The item of a list with the same identity as `item`. */
export function findSameItem(item: Readonly<Record<string, unknown>>, list: readonly unknown[]): unknown {
  const identity = IDENTITY.find((member) => item[member] !== undefined);
  if (identity === undefined) return undefined;
  return list.find((other) => isObject(other) && IDENTITY.some((member) => other[member] === item[identity]));
}

function isSameScalar(wanted: unknown, found: unknown): boolean {
  if (TRUE.has(wanted) && TRUE.has(found)) return true;
  if (FALSE.has(wanted) && (FALSE.has(found) || found === null)) return true;
  if (isNumeric(wanted) && isNumeric(found)) return Math.abs(Number(wanted) - Number(found)) < 1e-9;
  if (!isText(wanted) || !isText(found)) return false;
  if (isTime(wanted) && isTime(found)) return readTime(wanted) === readTime(found);
  // Portkey returns a workspace's name with its icon in front.
  return found.trim().toLowerCase().endsWith(wanted.trim().toLowerCase());
}

function isNumeric(value: unknown): boolean {
  return typeof value === "number" || (isText(value) && /^-?\d+(\.\d+)?$/.test(value));
}

function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\d/.test(text) && readTime(text) !== undefined;
}

function isMasked(value: unknown): boolean {
  return isText(value) && /\*{3}/.test(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isUnset(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.values(value).every(isUnset);
}

/** The value of a JSON text of an object or a list; any other value itself. */
function parseJsonText(value: unknown): unknown {
  if (!isText(value) || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
