/** The length of values as compact JSON in UTF-8, each measured once however often it is asked for. */
import { isObject } from "../../catalog/json.ts";

/** Smaller values are measured again instead of remembered. */
const REMEMBERED = 1_000;

/** Text whose characters JSON writes as they are, one byte each. */
const PLAIN = /^[\w !#$%&'()*+,./:;<=>?@[\]^`{|}~-]*$/;
/** Longer texts are measured faster by writing them. */
const SHORT = 64;

/** The length of a value as compact JSON in UTF-8. */
export function jsonBytes(value: unknown): number {
  if (typeof value === "string" && value.length <= SHORT && PLAIN.test(value)) return value.length + 2;
  if (typeof value === "number") return Number.isFinite(value) ? String(value).length : 4;
  return Buffer.byteLength(JSON.stringify(value) ?? "", "utf8");
}

/** Measures the parts of one answer: all of it costs no more than to write it once. */
export class JsonSizes {
  readonly #known = new Map<object, number>();

  /** As `jsonBytes` of it. */
  of(value: unknown): number {
    if (typeof value !== "object" || value === null) return jsonBytes(value);
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    // Nothing asks for the parts of a list.
    const size = isObject(value) ? this.#ofMembers(value) : jsonBytes(value);
    if (size > REMEMBERED) this.#known.set(value, size);
    return size;
  }

  #ofMembers(members: Readonly<Record<string, unknown>>): number {
    let count = 0;
    let size = 0;
    for (const name of Object.keys(members)) {
      const member = members[name];
      if (member === undefined) continue;
      count += 1;
      size += jsonBytes(name) + 1 + this.of(member);
    }
    return size + 2 + Math.max(count - 1, 0);
  }
}

/** The largest member of an object; undefined where it has none. */
export function largestMember(value: unknown, sizes: JsonSizes): readonly [name: string, member: unknown] | undefined {
  if (!isObject(value)) return undefined;
  let largest: readonly [string, unknown] | undefined;
  let most = -1;
  for (const name of Object.keys(value)) {
    const size = sizes.of(value[name]);
    if (size > most) [largest, most] = [[name, value[name]], size];
  }
  return largest;
}
