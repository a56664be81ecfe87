/**
 * Finds the parts of an answer that hold text written by others, for `_meta["portkey/untrusted"]`: a model must treat
 * them as data, and follow no instruction in them.
 * Paths are dotted; `[]` stands for every entry, `*` for every member, or for the whole answer.
 */
import { holdsSentence, isForeignMember } from "../../catalog/foreign-text.ts";
import { isObject } from "../../catalog/json.ts";
import { OWN_MEMBERS } from "../../portkey/response/result.ts";

/** Of more paths than these, only the first members are named. */
const MAX_PATHS = 40;

/** Deeper members count as part of the member at this depth. */
const MAX_DEPTH = 12;

/** A member's name that is an identifier and cannot hold a sentence. */
const PLAIN_NAME = /^[\w$@.-]{1,48}$/;

/**
 * A place in an answer; all entries of a list share one. So what a member's name tells is decided once, however many
 * entries the list has.
 */
interface Place {
  /** The member's own name. */
  readonly name: string;
  readonly path: string;
  readonly writer: Writer;
  /** Whether its path has been added to the result. */
  isFound: boolean;
  /** The places of its members by name; undefined until an object was found there. */
  members: Map<string, Place> | undefined;
  /** The same in the order of the last object: usually the entries of a list have the same order. */
  order: Place[] | undefined;
  entries: Place | undefined;
}

/** What a member's name tells: nothing, that others wrote the text in it, or that they wrote the name too. */
type Writer = "unknown" | "others" | "others, the name too";

/**
 * The paths in `body` that hold others' text, in its order; undefined where there are none.
 * Members that this server itself adds to answers do not count, except `theirs`, which are Portkey's members with the
 * same names.
 */
export function untrustedParts(body: unknown, theirs: readonly string[] = []): readonly string[] | undefined {
  if (typeof body === "string") return holdsSentence(body) ? ["*"] : undefined;
  const found = new Set<string>();
  collect(withoutOwn(body, theirs), placeAt("", "", "unknown"), found, 0);
  if (found.size === 0) return undefined;
  return found.size <= MAX_PATHS ? [...found] : [...new Set([...found].map(firstMember))];
}

function withoutOwn(body: unknown, theirs: readonly string[]): unknown {
  if (!isObject(body)) return body;
  const own = OWN_MEMBERS.filter((name) => Object.hasOwn(body, name) && !theirs.includes(name));
  if (own.length === 0) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !own.includes(name)));
}

function collect(value: unknown, place: Place, found: Set<string>, depth: number): void {
  if (typeof value === "string") {
    if (!place.isFound && holdsSentence(value)) add(place, found);
  } else if (typeof value !== "object" || value === null) {
    return;
  } else if (depth > MAX_DEPTH) {
    if (!place.isFound && holdsText(value)) add(place, found);
  } else if (Array.isArray(value)) {
    const entries = (place.entries ??= placeAt("", `${place.path}[]`, "unknown"));
    for (const entry of value) collect(entry, entries, found, depth + 1);
  } else collectMembers(value as Readonly<Record<string, unknown>>, place, found, depth);
}

function collectMembers(
  value: Readonly<Record<string, unknown>>,
  place: Place,
  found: Set<string>,
  depth: number,
): void {
  const order = (place.order ??= []);
  let index = -1;
  // Parsed JSON has no inherited members. Object.entries would allocate for each entry, which is half of the time.
  // eslint-disable-next-line no-restricted-syntax
  for (const name in value) {
    index += 1;
    let at = order[index];
    if (at?.name !== name) {
      at = memberAt(place, name);
      // Never leaves a hole in the array, which would be slow.
      if (index <= order.length) order[index] = at;
    }
    const member = value[name];
    if (at.writer === "unknown") collect(member, at, found, depth + 1);
    else if (!at.isFound && (at.writer === "others, the name too" || holdsText(member))) add(at, found);
  }
}

function memberAt(place: Place, name: string): Place {
  const members = (place.members ??= new Map<string, Place>());
  let at = members.get(name);
  if (at === undefined) {
    const writer = writerOf(name);
    const shown = writer === "others, the name too" ? "*" : name;
    at = placeAt(name, place.path === "" ? shown : `${place.path}.${shown}`, writer);
    members.set(name, at);
  }
  return at;
}

function placeAt(name: string, path: string, writer: Writer): Place {
  return { name, path, writer, isFound: false, members: undefined, order: undefined, entries: undefined };
}

function add(place: Place, found: Set<string>): void {
  place.isFound = true;
  found.add(place.path);
}

/** By member name; Portkey has a few hundred names. */
const writers = new Map<string, Writer>();
const MAX_WRITERS = 2_000;

function writerOf(name: string): Writer {
  const known = writers.get(name);
  if (known !== undefined) return known;
  if (!PLAIN_NAME.test(name)) return "others, the name too";
  const writer = isForeignMember(name) ? "others" : "unknown";
  if (writers.size < MAX_WRITERS) writers.set(name, writer);
  return writer;
}

function holdsText(value: unknown): boolean {
  if (typeof value === "string") return value.trim() !== "";
  if (Array.isArray(value)) return value.some(holdsText);
  return isObject(value) && Object.entries(value).some(([name, member]) => !PLAIN_NAME.test(name) || holdsText(member));
}

function firstMember(path: string): string {
  return /^[^.]*/.exec(path)?.[0] ?? path;
}
