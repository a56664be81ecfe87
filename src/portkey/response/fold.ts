/**
 * Shortens one large object: its largest members are replaced by placeholders, the deepest first, so that as much of
 * the rest as possible stays. Members that hold secrets always stay.
 */
import { isObject } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { isSecretName } from "../../log/secret-names.ts";
import { formatPath } from "../request/problem.ts";
import { jsonBytes, JsonSizes, type SizedMember } from "./json-size.ts";

export interface Folded {
  readonly value: unknown;
  /** The paths of the members left out, as `fields` takes them, largest first. */
  readonly leftOut: readonly string[];
}

/** The approximate length of a placeholder; smaller members are not worth replacing. */
const PLACEHOLDER_BYTES = 60;
/** The bytes that an object keeps for its small members, where there is room. */
const GENTLE_BYTES = 1_000;

type Members = Readonly<Record<string, unknown>>;

interface FoldedPart extends Folded {
  /** How many bytes shorter it is. */
  readonly saved: number;
}

interface FoldOptions {
  readonly sizes: JsonSizes;
  /** The least bytes that an object is shortened to, so that its small members stay. */
  readonly floor: number;
}

/** Shortens `value` to about `maxBytes`. It must not be nested deeper than BOUNDS.depth. */
export function fold(value: unknown, maxBytes: number, sizes = new JsonSizes()): Folded {
  const excess = sizes.of(value) - maxBytes;
  if (excess <= 0) return { value, leftOut: [] };
  const gentle = foldAt(value, maxBytes, [], { sizes, floor: GENTLE_BYTES });
  return gentle.saved >= excess ? gentle : foldAt(value, maxBytes, [], { sizes, floor: PLACEHOLDER_BYTES });
}

/** Folds members, the largest first, until the excess is gone. Small members are dropped only with the lowest floor. */
function foldAt(value: unknown, maxBytes: number, at: readonly string[], options: FoldOptions): FoldedPart {
  const { sizes, floor } = options;
  const bytes = sizes.of(value);
  if (bytes <= maxBytes) return { value, leftOut: [], saved: 0 };
  if (!isObject(value)) return { ...placeholder(bytes), leftOut: [formatPath(at)] };
  const long = Object.keys(value).filter((name) => name.length > BOUNDS.comparedName);
  if (long.length > 0) return foldWithout(long, value, maxBytes, { at, ...options });
  const replaced = new Map<string, unknown>();
  const leftOut: string[] = [];
  let excess = bytes - maxBytes;
  for (const { name, member, size } of largestFirst(value, sizes)) {
    if (excess <= 0) break;
    const room = Math.max(size - excess, floor);
    const folded =
      isObject(member) && room > PLACEHOLDER_BYTES
        ? foldAt(member, room, [...at, name], options)
        : { ...placeholder(size), leftOut: [formatPath([...at, name])] };
    replaced.set(name, folded.value);
    for (const path of folded.leftOut) leftOut.push(path);
    excess -= folded.saved;
  }
  const saved = bytes - maxBytes - excess;
  if (excess <= 0) return { value: replaceMembers(value, replaced), leftOut, saved };
  if (floor > PLACEHOLDER_BYTES) return { value, leftOut, saved };
  const tail = dropTail(value, replaced, excess, sizes);
  const where = at.length === 0 ? "" : ` of ${formatPath(at)}`;
  return {
    value: tail.value,
    leftOut: [...leftOut, `the last ${tail.dropped} members${where}`],
    saved: saved + tail.saved,
  };
}

/** Folds what is left without members whose names alone are long; none of them holds a secret under such a name. */
function foldWithout(
  long: readonly string[],
  value: Members,
  maxBytes: number,
  { at, ...options }: FoldOptions & { readonly at: readonly string[] },
): FoldedPart {
  const { sizes } = options;
  const isLong = new Set(long);
  const rest = Object.fromEntries(Object.entries(value).filter(([name]) => !isLong.has(name)));
  const folded = foldAt(rest, maxBytes, at, options);
  const paths = long.slice(0, BOUNDS.listed).map((name) => formatPath([...at, name]));
  if (long.length > paths.length) paths.push(`${long.length - paths.length} more members with long names`);
  const saved = sizes.of(value) - sizes.of(rest) + folded.saved;
  return { value: folded.value, leftOut: [...paths, ...folded.leftOut], saved };
}

/** The members that are worth folding, largest first. */
function largestFirst(value: Members, sizes: JsonSizes): SizedMember[] {
  const largest = sizes
    .measureMembers(value)
    .large.filter(({ name, member, size }) => size > 2 * PLACEHOLDER_BYTES && !isKept(name, member));
  return largest.sort((one, other) => other.size - one.size);
}

function isKept(name: string, member: unknown): boolean {
  return typeof member === "string" && isSecretName(name);
}

function replaceMembers(value: Members, replaced: ReadonlyMap<string, unknown>): Members {
  return Object.fromEntries(
    Object.keys(value).map((name) => [name, replaced.has(name) ? replaced.get(name) : value[name]]),
  );
}

/** Drops the last members of an object with very many small ones, and counts them. */
function dropTail(value: Members, replaced: ReadonlyMap<string, unknown>, excess: number, sizes: JsonSizes) {
  const { names, sizes: lengths } = sizes.measureMembers(value);
  const stay: string[] = [];
  let left = excess;
  let end = names.length;
  for (; end > 0 && left > 0; end--) {
    const name = names[end - 1] as string;
    if (isKept(name, value[name])) stay.push(name);
    else left -= replaced.has(name) ? jsonBytes(name) + sizes.of(replaced.get(name)) + 2 : (lengths[end - 1] ?? 0) + 1;
  }
  const kept = [...names.slice(0, end), ...stay.reverse()];
  return {
    value: Object.fromEntries(kept.map((name) => [name, replaced.has(name) ? replaced.get(name) : value[name]])),
    dropped: names.length - kept.length,
    saved: excess - left,
  };
}

function placeholder(bytes: number) {
  const value = `[left out: ${bytes} bytes, see _cut]`;
  return { value, saved: bytes - jsonBytes(value) };
}
