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

/** The paths in `body` that hold others' text, in the order they stand there; undefined where nothing does. */
export function untrustedParts(body: unknown): readonly string[] | undefined {
  if (typeof body === "string") return holdsSentence(body) ? ["*"] : undefined;
  const found = new Set<string>();
  if (Array.isArray(body)) collect(body, "", found, 0);
  else if (isObject(body)) membersOf(body, "", found, 0);
  if (found.size === 0) return undefined;
  return found.size <= MOST_PATHS ? [...found] : [...new Set([...found].map(firstMember))];
}

function collect(value: unknown, path: string, found: Set<string>, depth: number): void {
  if (typeof value === "string") {
    if (holdsSentence(value)) found.add(path);
  } else if (depth > DEEPEST) {
    if (holdsText(value)) found.add(path);
  } else if (Array.isArray(value)) {
    for (const entry of value) collect(entry, `${path}[]`, found, depth + 1);
  } else if (isObject(value)) membersOf(value, path, found, depth);
}

function membersOf(value: object, path: string, found: Set<string>, depth: number): void {
  for (const [name, member] of Object.entries(value)) {
    if (depth === 0 && OURS.has(name)) continue;
    const isPlain = PLAIN_NAME.test(name);
    const at = `${path}${path === "" ? "" : "."}${isPlain ? name : "*"}`;
    if (!isPlain || (isForeignMember(name) && holdsText(member))) found.add(at);
    else collect(member, at, found, depth + 1);
  }
}

function holdsText(value: unknown): boolean {
  if (typeof value === "string") return value.trim() !== "";
  if (Array.isArray(value)) return value.some(holdsText);
  return isObject(value) && Object.entries(value).some(([name, member]) => !PLAIN_NAME.test(name) || holdsText(member));
}

function firstMember(path: string): string {
  return /^[^.]*/.exec(path)?.[0] ?? path;
}
