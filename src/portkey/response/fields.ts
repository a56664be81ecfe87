/**
 * Parses and applies `fields`: the members of an answer that the caller wants.
 * A path is dotted names, `targets.weight`. Arrays on the way are traversed: `data.id` is the id of every item.
 * `[from:to]` behind a name takes that slice of an array or string, and `[n]` one element.
 * `[from:to]` alone is a slice of an answer that is itself an array or text.
 */
import { clip } from "../../errors/clip.ts";
import { boundaryAfter } from "../../errors/cut.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { isObject } from "../../catalog/json.ts";

export interface Slice {
  readonly from: number;
  /** Exclusive; absent: to the end. */
  readonly to?: number;
}

export interface Segment {
  /** Empty for the answer itself, which only the first segment can be. */
  readonly name: string;
  readonly slice?: Slice;
}

export type FieldPath = readonly Segment[];

/** The paths in `texts`, or a sentence about what is wrong with them. */
export function parseFields(texts: readonly string[]): readonly FieldPath[] | string {
  if (texts.length > BOUNDS.fieldPaths) return `must name at most ${BOUNDS.fieldPaths} fields`;
  const paths: FieldPath[] = [];
  for (const text of texts) {
    const path = parsePath(text.trim());
    if (typeof path === "string") return path;
    paths.push(path);
  }
  return paths.length > 0 ? paths : "must name at least one field, or be left out";
}

/** The text of a path: `targets[0:2].weight`. */
export function formatField(path: FieldPath): string {
  return path
    .map(({ name, slice }) => name + (slice === undefined ? "" : `[${slice.from}:${slice.to ?? ""}]`))
    .join(".");
}

function parsePath(text: string): FieldPath | string {
  const segments: Segment[] = [];
  const parts = text.replace(/^\./, "").split(".", BOUNDS.depth + 1);
  if (parts.length > BOUNDS.depth) return `has a path of more than ${BOUNDS.depth} names`;
  for (const [index, part] of parts.entries()) {
    const match = /^([^[\]]*)(?:\[(\d*|\*|\d*:\d*)\])?$/.exec(part);
    const [, name = "", brackets] = match ?? [];
    if (match === null || (name === "" && (index > 0 || brackets === undefined))) {
      const path = JSON.stringify(clip(text, 80));
      return `has the path ${path}, which cannot be read: write dotted names such as data.id or data[0:20].name`;
    }
    const slice = parseSlice(brackets);
    segments.push(slice === undefined ? { name } : { name, slice });
  }
  return segments;
}

function parseSlice(brackets: string | undefined): Slice | undefined {
  if (brackets === undefined || brackets === "" || brackets === "*" || brackets === ":") return undefined;
  const [from = "", to] = brackets.split(":");
  if (to === undefined) return { from: Number(from), to: Number(from) + 1 };
  return to === "" ? { from: Number(from) } : { from: Number(from), to: Number(to) };
}

/** The selected part of one member: all of it, some of its members, or a slice of an array or string. */
interface FieldSelection {
  slice?: Slice;
  /** A path ends here, so all of it is selected. */
  whole: boolean;
  /** The answer has this member. */
  found: boolean;
  readonly members: Map<string, FieldSelection>;
}

/** The selected value, and the paths that the answer does not have, as text. */
export interface PickedFields {
  readonly value: unknown;
  readonly missed: readonly string[];
}

/** The part of `value` that `paths` select, in the value's order. Top members for which `keep` is true always stay. */
export function pickFields(
  value: unknown,
  paths: readonly FieldPath[],
  keep: (name: string, member: unknown) => boolean,
): PickedFields {
  const root: FieldSelection = { whole: false, found: true, members: new Map() };
  const ends = paths.map((path) => ({ path, selection: addPath(root, path) }));
  const picked = project(value, root, keep);
  return {
    value: picked,
    missed: ends.filter(({ selection }) => !selection.found).map(({ path }) => formatField(path)),
  };
}

function addPath(root: FieldSelection, path: FieldPath): FieldSelection {
  let selection = root;
  for (const { name, slice } of path) {
    if (name !== "") {
      const next = selection.members.get(name) ?? {
        whole: false,
        found: false,
        members: new Map<string, FieldSelection>(),
      };
      selection.members.set(name, next);
      selection = next;
    }
    if (slice !== undefined) selection.slice = slice;
  }
  selection.whole = true;
  return selection;
}

function project(
  value: unknown,
  selection: FieldSelection,
  keep?: (name: string, member: unknown) => boolean,
  inItem = false,
): unknown {
  selection.found = true;
  const part = inItem ? value : takeSlice(value, selection.slice);
  if (selection.whole && selection.members.size === 0) return part;
  if (Array.isArray(part)) {
    if (part.length === 0) markFound(selection);
    return part.map((item) => project(item, selection, undefined, true));
  }
  if (!isObject(part)) return part;
  const entries: [string, unknown][] = [];
  for (const [name, member] of Object.entries(part)) {
    const wanted = selection.members.get(name);
    if (wanted !== undefined) entries.push([name, project(member, wanted)]);
    else if (selection.whole || keep?.(name, member)) entries.push([name, member]);
  }
  return Object.fromEntries(entries);
}

/** An empty list does not show which members its items would have, so all of them count as found. */
function markFound(selection: FieldSelection): void {
  selection.found = true;
  for (const member of selection.members.values()) markFound(member);
}

function takeSlice(value: unknown, slice: Slice | undefined): unknown {
  if (slice === undefined) return value;
  const { from, to } = slice;
  if (typeof value !== "string") return Array.isArray(value) ? value.slice(from, to) : value;
  // A surrogate pair belongs to the slice in which it begins, so that consecutive slices lose and share nothing.
  return value.slice(boundaryAfter(value, from), to === undefined ? undefined : boundaryAfter(value, to));
}
