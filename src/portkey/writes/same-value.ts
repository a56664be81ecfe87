/**
 * Whether what stands at Portkey is what was written. Portkey keeps values in other forms than it takes them (1 for
 * true, JSON as text, an id for a slug): those are the same. What cannot be compared, such as a masked secret, counts
 * as the same too: a difference that is told must be one.
 */
import { isDeepStrictEqual } from "node:util";
import { isObject } from "../../catalog/json.ts";
import { readTime } from "../../catalog/times.ts";
import { isSecretName } from "../../log/secret-names.ts";

/** Members that identify an item of a list, in the order they are looked for. */
const IDENTITY = ["id", "slug", "user_id", "workspace_id", "name"];
/** Fields that take a slug or an id, and are answered with either. */
const REFERENCE = /(^|_)(id|slug)$|^(virtual_key|provider)$/;
/** Fields that order something to be done, and are not kept. */
const ORDER = /^(reset|override|rotate|force|send|is_?default$|patch$)/i;

const TRUE = new Set<unknown>([true, 1, "1", "true"]);
const FALSE = new Set<unknown>([false, 0, "0", "false"]);

/** `given` as written under `name`, `now` as it stands. */
export function isSameValue(name: string, given: unknown, now: unknown): boolean {
  const [wanted, found] = [parsed(given), parsed(now)];
  if (isDeepStrictEqual(wanted, found) || (isUnset(wanted) && isUnset(found))) return true;
  if (now === undefined || isSecretName(name) || ORDER.test(name) || isMasked(found)) return true;
  if (REFERENCE.test(name) && isText(wanted) && isText(found)) return true;
  if (isObject(wanted) && isObject(found))
    return Object.entries(wanted).every(([member, value]) => isSameValue(member, value, found[member]));
  if (Array.isArray(wanted) && Array.isArray(found)) return isSameList(name, wanted, found);
  return isSameScalar(wanted, found);
}

/** What was written of a list is in it; where items carry no identity, the lists are as long. */
function isSameList(name: string, wanted: readonly unknown[], found: readonly unknown[]): boolean {
  return (
    wanted.every((item) => {
      if (!isObject(item)) return found.some((other) => isSameValue(name, item, other));
      const known = itemLike(item, found);
      return known === undefined
        ? found.some((other) => isSameValue(name, item, other))
        : isSameValue(name, item, known);
    }) &&
    (wanted.length === found.length || wanted.some((item) => isObject(item) && itemLike(item, found) !== undefined))
  );
}

/** The item of a list that is the same thing as `item`, by its id or name. */
export function itemLike(item: Readonly<Record<string, unknown>>, list: readonly unknown[]): unknown {
  const member = IDENTITY.find((one) => item[one] !== undefined);
  if (member === undefined) return undefined;
  return list.find((other) => isObject(other) && IDENTITY.some((one) => other[one] === item[member]));
}

function isSameScalar(wanted: unknown, found: unknown): boolean {
  if (TRUE.has(wanted) && TRUE.has(found)) return true;
  if (FALSE.has(wanted) && (FALSE.has(found) || found === null)) return true;
  if (isNumeric(wanted) && isNumeric(found)) return Math.abs(Number(wanted) - Number(found)) < 1e-9;
  if (!isText(wanted) || !isText(found)) return false;
  if (isTime(wanted) && isTime(found)) return readTime(wanted) === readTime(found);
  // A workspace's name is answered with its icon before it.
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

/** JSON text of an object or a list as what it says. */
function parsed(value: unknown): unknown {
  if (!isText(value) || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
