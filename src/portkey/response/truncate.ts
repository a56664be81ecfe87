/**
 * Cuts an answer that is too large, always with a note of what is missing and how to get it: a list between two items,
 * a text or array that was asked for by name at an element, any other object by folding its largest members.
 */
import { boundaryBefore } from "../../errors/cut.ts";
import { isObject } from "../../catalog/json.ts";
import { fold } from "./fold.ts";
import { formatField, type FieldPath } from "./fields.ts";
import { jsonBytes, JsonSizes, largestMember } from "./json-size.ts";
import { withItems, type FoundList } from "./lists.ts";
import { remainingPages, type PageInfo, type RemainingPages } from "./pages.ts";
import { formatPath } from "../request/problem.ts";
import type { ToolRecord } from "../../catalog/record.ts";

/** What stands in `_cut`, beside the answer. */
export interface TruncationNote {
  /** How many items, elements or characters, or which members. */
  readonly left_out: number | readonly string[];
  readonly of: number | string;
  readonly how_to_get: string;
}

export interface Truncation {
  readonly body: unknown;
  readonly note: TruncationNote;
  /** For a paged list: the arguments that go on where the cut is. */
  readonly next?: Readonly<Record<string, unknown>>;
}

export interface TruncateOptions {
  readonly record: ToolRecord;
  /** The call's arguments with `fields`, without `all_pages`: what a call for the rest starts from. */
  readonly args: Readonly<Record<string, unknown>>;
  /** The paths that `fields` named, as they apply to the whole answer. */
  readonly fields: readonly FieldPath[] | undefined;
  /** Bytes for the answer itself; room for the notes is already taken off. */
  readonly maxBytes: number;
  /** Measures `body`. */
  readonly sizes: JsonSizes;
}

/** Cuts a list between two items. At least one item stays, folded where it must be. */
export function truncateList(
  body: unknown,
  list: FoundList,
  page: PageInfo | undefined,
  options: TruncateOptions,
): Truncation {
  const { record, args, fields, maxBytes, sizes } = options;
  const room = maxBytes - besideItems(body, list, sizes);
  const fitting = fittingItems(list.items, room);
  const pages = pagesAfter(Math.max(fitting, 1), list, page, options);
  const kept = pages?.kept ?? Math.max(fitting, 1);
  const firstFolded = fitting === 0 ? fold(list.items[0], Math.max(maxBytes / 2, 200), sizes) : undefined;
  const items = firstFolded === undefined ? list.items.slice(0, kept) : [firstFolded.value];

  const callForRest = { ...args, fields: remainingFields(fields, list.member, kept) };
  const goOn =
    pages === undefined
      ? `Call ${record.name} with ${JSON.stringify(callForRest)}`
      : 'Call again with the arguments in "next"';
  const lacks =
    firstFolded === undefined ? "" : ` The item shown lacks ${firstFolded.leftOut.slice(0, 10).join(", ")}.`;
  return {
    body: withItems(body, list, items),
    note: {
      left_out: list.items.length - kept,
      of: list.items.length,
      how_to_get: `${goOn}, or name the members you need in fields, so that more items fit.${lacks}`,
    },
    ...(pages && { next: pages.next }),
  };
}

/** Bytes of an answer without the items of its list. */
export function besideItems(body: unknown, list: FoundList, sizes: JsonSizes): number {
  return sizes.of(body) - sizes.of(list.items);
}

/** The page arguments that go on after the items shown; undefined where none can. */
function pagesAfter(
  shown: number,
  list: FoundList,
  page: PageInfo | undefined,
  { record, args, fields }: TruncateOptions,
): RemainingPages | undefined {
  if (record.paging?.style !== "page" || page?.start === undefined) return undefined;
  // Where `fields` takes a slice of the list, a page does not begin where the slice does.
  const isSliced = fields?.some((path) => sliceAt(path, list.member) !== undefined);
  if (isSliced) return undefined;
  return remainingPages(record.paging, args, page.start, shown);
}

/** Cuts anything that is no list. */
export function truncateObject(body: unknown, options: TruncateOptions): Truncation {
  if (options.fields !== undefined || typeof body === "string") {
    const part = truncateLargest(body, options);
    if (part !== undefined) return truncatedPart(part, options);
  }
  return foldedObject(body, options);
}

/** An answer of which one array or text is shown in part, with the call for the rest of it. */
function truncatedPart(part: Part, { record, args, fields }: TruncateOptions): Truncation {
  const path = formatPath(part.at);
  const slices = fields?.map((field) => sliceAt(field, path));
  const from = slices?.find((slice) => slice !== undefined)?.from ?? 0;
  const of = part.at.length === 0 ? "" : ` of ${path}`;
  const callForRest = { ...args, fields: `${path}[${from + part.kept}:]` };
  return {
    body: part.body,
    note: {
      left_out: part.length - part.kept,
      of: part.length,
      how_to_get:
        `Only the first ${part.kept} ${part.unit}${of} are here. ` +
        `Call ${record.name} with ${JSON.stringify(callForRest)}.`,
    },
  };
}

/** An answer whose largest members are folded, with the call for the first of them. */
function foldedObject(body: unknown, { record, args, maxBytes, sizes }: TruncateOptions): Truncation {
  const { value, leftOut } = fold(body, maxBytes, sizes);
  const names = leftOut.slice(0, 20);
  const further = leftOut.length - names.length;
  const callForFirst = JSON.stringify({ ...args, fields: names[0] ?? "" });
  return {
    body: value,
    note: {
      left_out: further > 0 ? [...names, `and ${further} more`] : names,
      of: `${sizes.of(body)} bytes`,
      how_to_get:
        `Call ${record.name} with ${callForFirst}, and so on for each; ` + "do not send the placeholders back.",
    },
  };
}

interface Part {
  readonly body: unknown;
  readonly at: readonly string[];
  readonly kept: number;
  readonly length: number;
  readonly unit: string;
}

/** Cuts the one array or text that makes an answer large; undefined where it is not just one. */
function truncateLargest(body: unknown, { maxBytes, sizes }: TruncateOptions): Part | undefined {
  const at: string[] = [];
  let value = body;
  while (isObject(value)) {
    const [name, member] = largestMember(value, sizes) ?? [];
    if (name === undefined) return undefined;
    at.push(name);
    value = member;
  }
  if (typeof value !== "string" && !Array.isArray(value)) return undefined;
  const room = maxBytes - (sizes.of(body) - sizes.of(value));
  const kept = typeof value === "string" ? fittingCharacters(value, room) : fittingItems(value, room);
  if (kept < 1) return undefined;
  return {
    body: replaceAt(body, at, value.slice(0, kept)),
    at,
    kept,
    length: value.length,
    unit: typeof value === "string" ? "characters" : "elements",
  };
}

function fittingItems(items: readonly unknown[], room: number): number {
  let left = room - 2;
  const index = items.findIndex((item) => (left -= jsonBytes(item) + 1) < 0);
  return index === -1 ? items.length : index;
}

/** As many UTF-16 units as fit, never half a character. */
function fittingCharacters(text: string, room: number): number {
  // Each takes a byte at least.
  let [low, high] = [0, Math.max(Math.min(text.length, room), 0)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (jsonBytes(text.slice(0, middle)) <= room) low = middle;
    else high = middle - 1;
  }
  return boundaryBefore(text, low);
}

function replaceAt(value: unknown, at: readonly string[], part: unknown): unknown {
  const [name, ...rest] = at;
  if (name === undefined || !isObject(value)) return part;
  return { ...value, [name]: replaceAt(value[name], rest, part) };
}

/** The slice that a path takes of the member called `member`. */
function sliceAt(path: FieldPath, member: string): { readonly from: number } | undefined {
  const names: string[] = [];
  for (const { name, slice } of path) {
    if (name !== "") names.push(name);
    if (slice !== undefined && names.join(".") === member) return slice;
  }
  return undefined;
}

/** `fields` that ask for the same, from the `kept`-th item shown on. */
function remainingFields(fields: readonly FieldPath[] | undefined, member: string, kept: number): string {
  if (fields === undefined) return `${member}[${kept}:]`;
  const moved = fields.map((path) => {
    const index = path.findIndex(({ name }) => name === member);
    if (index === -1) return formatField(path);
    const slice = path[index]?.slice;
    return formatField(
      path.with(index, {
        name: member,
        slice: { from: (slice?.from ?? 0) + kept, ...(slice?.to !== undefined && { to: slice.to }) },
      }),
    );
  });
  return moved.join(",");
}
