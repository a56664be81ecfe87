/**
 * Which parts of an answer others wrote, for `_meta["portkey/untrusted"]`: a model reads them as data, and nothing in
 * them is an instruction. Paths are dotted; `[]` stands for every entry, `*` for every member, or for the whole answer.
 */
import { holdsSentence, isForeignMember } from "../../catalog/foreign-text.ts";
import { isObject } from "../../catalog/json.ts";

/** Members that this server adds to an answer, in its own words. */
const OURS = new Set(["_cut", "has_more", "next", "changed", "ok"]);

/** More paths than these say no more than their first members do. */
const MOST_PATHS = 40;

/** Deeper members count as part of what holds them. */
const DEEPEST = 12;

/** A member's name that no person could have made up as a sentence. */
const PLAIN_NAME = /^[\w$@.-]{1,48}$/;

/**
 * One place of an answer, for every object of a list alike. What its member's name says is decided once, however many
 * entries the list has.
 */
interface Place {
  readonly path: string;
  /** What others wrote of it by its name alone: any text that stands here, or that name itself. */
  readonly others: "nothing" | "text" | "name";
  members?: Map<string, Place>;
  entries?: Place;
}

/** The paths in `body` that hold others' text, in the order they stand there; undefined where nothing does. */
export function untrustedParts(body: unknown): readonly string[] | undefined {
  if (typeof body === "string") return holdsSentence(body) ? ["*"] : undefined;
  const found = new Set<string>();
  const root: Place = { path: "", others: "nothing" };
  if (Array.isArray(body)) collect(body, root, found, 0);
  else if (isObject(body)) membersOf(body, root, found, 0);
  if (found.size === 0) return undefined;
  return found.size <= MOST_PATHS ? [...found] : [...new Set([...found].map(firstMember))];
}

function collect(value: unknown, place: Place, found: Set<string>, depth: number): void {
  if (typeof value === "string") {
    if (holdsSentence(value)) found.add(place.path);
  } else if (depth > DEEPEST) {
    if (holdsText(value)) found.add(place.path);
  } else if (Array.isArray(value)) {
    const entries = (place.entries ??= { path: `${place.path}[]`, others: "nothing" });
    for (const entry of value) collect(entry, entries, found, depth + 1);
  } else if (isObject(value)) membersOf(value, place, found, depth);
}

function membersOf(value: Readonly<Record<string, unknown>>, place: Place, found: Set<string>, depth: number): void {
  const places = (place.members ??= new Map<string, Place>());
  for (const name of Object.keys(value)) {
    if (depth === 0 && OURS.has(name)) continue;
    let at = places.get(name);
    if (at === undefined) places.set(name, (at = memberPlace(place.path, name)));
    const member = value[name];
    if (at.others === "nothing") collect(member, at, found, depth + 1);
    else if (!found.has(at.path) && (at.others === "name" || holdsText(member))) found.add(at.path);
  }
}

function memberPlace(path: string, name: string): Place {
  const isPlain = PLAIN_NAME.test(name);
  const at = `${path}${path === "" ? "" : "."}${isPlain ? name : "*"}`;
  if (!isPlain) return { path: at, others: "name" };
  return { path: at, others: isForeignMember(name) ? "text" : "nothing" };
}
function holdsText(value: unknown): boolean {
  if (typeof value === "string") return value.trim() !== "";
  if (Array.isArray(value)) return value.some(holdsText);
  return isObject(value) && Object.entries(value).some(([name, member]) => !PLAIN_NAME.test(name) || holdsText(member));
}

function firstMember(path: string): string {
  return /^[^.]*/.exec(path)?.[0] ?? path;
}
