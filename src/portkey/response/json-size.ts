/** Measures the length of values as compact JSON in UTF-8, each large value once. */
import { isObject } from "../../catalog/json.ts";

/** Sizes above this are cached; smaller values are measured again. */
const REMEMBERED = 1_000;

/** Members above this are listed in `MemberSizes.large`. */
const LARGE = 120;

/** Text whose characters JSON writes unescaped, one byte each. */
const PLAIN = /^[\w !#$%&'()*+,./:;<=>?@[\]^`{|}~-]*$/;
/** For longer texts, JSON.stringify is faster than the pattern. */
const SHORT = 64;

/** The length of a value as compact JSON in UTF-8. */
export function jsonBytes(value: unknown): number {
  if (typeof value === "string" && value.length <= SHORT && PLAIN.test(value)) return value.length + 2;
  if (typeof value === "number") return Number.isFinite(value) ? String(value).length : 4;
  return Buffer.byteLength(JSON.stringify(value) ?? "", "utf8");
}

/** A member of an object, and its length as JSON. */
export interface SizedMember {
  readonly name: string;
  readonly member: unknown;
  readonly size: number;
}

/** The sizes of an object's members. */
export interface MemberSizes {
  readonly names: readonly string[];
  /** For each name, the bytes of the name and its value. */
  readonly sizes: Uint32Array;
  /** The members whose value is larger than LARGE. */
  readonly large: readonly SizedMember[];
  /** The bytes of the whole object. */
  readonly size: number;
}

/** Measures the parts of one answer; all of them cost no more than writing the answer once. */
export class JsonSizes {
  readonly #known = new Map<object, number>();
  readonly #members = new Map<object, MemberSizes>();

  /** The same as `jsonBytes(value)`. */
  of(value: unknown): number {
    if (typeof value !== "object" || value === null) return jsonBytes(value);
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    // The parts of a list are never asked for.
    const size = isObject(value) ? this.#measure(value).size : jsonBytes(value);
    if (size > REMEMBERED) this.#known.set(value, size);
    return size;
  }

  measureMembers(members: Readonly<Record<string, unknown>>): MemberSizes {
    return this.#members.get(members) ?? this.#measure(members);
  }

  #measure(members: Readonly<Record<string, unknown>>): MemberSizes {
    const large: SizedMember[] = [];
    const names = Object.keys(members);
    const sizes = new Uint32Array(names.length);
    let count = 0;
    let size = 2;
    for (let index = 0; index < names.length; index += 1) {
      const name = names[index] as string;
      const member = members[name];
      if (member === undefined) continue;
      count += 1;
      const own = this.of(member);
      const withName = jsonBytes(name) + 1 + own;
      sizes[index] = withName;
      size += withName;
      if (own > LARGE) large.push({ name, member, size: own });
    }
    const measured = { names, sizes, large, size: size + Math.max(count - 1, 0) };
    if (measured.size > REMEMBERED) this.#members.set(members, measured);
    return measured;
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
