/**
 * Cuts an answer that is too large, with a note that says what is missing and how to get it. A list is cut between two
 * items, a text or array that `fields` selected between elements; of any other object the largest members are folded.
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

/** The content of `_cut`. */
export interface TruncationNote {
  /** The number of items, elements or characters left out, or the paths of members. */
  readonly left_out: number | readonly string[];
  readonly of: number | string;
  readonly how_to_get: string;
}

export interface Truncation {
  readonly body: unknown;
  readonly note: TruncationNote;
  /** For a paged list: the arguments that continue at the cut. */
  readonly next?: Readonly<Record<string, unknown>>;
}

export interface TruncateOptions {
  readonly record: ToolRecord;
  /** The call's arguments with `fields` and without `all_pages`; a call for the rest repeats them. */
  readonly args: Readonly<Record<string, unknown>>;
  /** The paths of `fields`, as they apply to the whole answer. */
  readonly fields: readonly FieldPath[] | undefined;
  /** Bytes for the answer itself, without its notes. */
  readonly maxBytes: number;
  readonly sizes: JsonSizes;
}

/** Cuts a list between two items. At least one item stays, folded if necessary. */
export function truncateList(
  body: unknown,
  list: FoundList,
  page: PageInfo | undefined,
  options: TruncateOptions,
): Truncation {
  const { record, args, fields, maxBytes, sizes } = options;
  const room = maxBytes - bytesBesideItems(body, list, sizes);
  const fitting = countFittingItems(list.items, room);
  const pages = pagesAfter(Math.max(fitting, 1), list, page, options);
  const kept = pages?.kept ?? Math.max(fitting, 1);
  const firstFolded = fitting === 0 ? fold(list.items[0], Math.max(maxBytes / 2, 200), sizes) : undefined;
  const items = firstFolded === undefined ? list.items.slice(0, kept) : [firstFolded.value];

  const callForRest = { ...args, fields: remainingFields(fields, list.member, kept) };
  const howToContinue =
    pages === undefined
      ? `Call ${record.name} with ${JSON.stringify(callForRest)}`
      : 'Call again with the arguments in "next"';
  const foldedText =
    firstFolded === undefined ? "" : ` The item shown lacks ${firstFolded.leftOut.slice(0, 10).join(", ")}.`;
  return {
    body: withItems(body, list, items),
    note: {
      left_out: list.items.length - kept,
      of: list.items.length,
      how_to_get: `${howToContinue}, or name the members you need in fields, so that more items fit.${foldedText}`,
    },
    ...(pages && { next: pages.next }),
  };
}

/** The bytes of an answer without the items of its list. */
export function bytesBesideItems(body: unknown, list: FoundList, sizes: JsonSizes): number {
  return sizes.of(body) - sizes.of(list.items);
}

/** The page arguments that continue after the items shown; undefined where no page can. */
function pagesAfter(
  shown: number,
  list: FoundList,
  page: PageInfo | undefined,
  { record, args, fields }: TruncateOptions,
): RemainingPages | undefined {
  if (record.paging?.style !== "page" || page?.start === undefined) return undefined;
  // A slice of the list by `fields` does not begin where a page does.
  const isSliced = fields?.some((path) => sliceAt(path, list.member) !== undefined);
  if (isSliced) return undefined;
  return remainingPages(record.paging, args, page.start, shown);
}

/** Cuts an answer that is no list. */
export function truncateObject(body: unknown, options: TruncateOptions): Truncation {
  if (options.fields !== undefined || typeof body === "string") {
    const part = truncateLargest(body, options);
    if (part !== undefined) return describePart(part, options);
  }
  return foldObject(body, options);
}

/** The truncation to a part of one array or text, with the call for its rest. */
function describePart(part: Part, { record, args, fields }: TruncateOptions): Truncation {
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

/** The truncation by folding the largest members, with the call for the first of them. */
function foldObject(body: unknown, { record, args, maxBytes, sizes }: TruncateOptions): Truncation {
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

/** Cuts the largest array or text of an answer; undefined where cutting it alone does not make the answer fit. */
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
  const kept = typeof value === "string" ? countFittingCharacters(value, room) : countFittingItems(value, room);
  if (kept < 1) return undefined;
  return {
    body: replaceAt(body, at, value.slice(0, kept)),
    at,
    kept,
    length: value.length,
    unit: typeof value === "string" ? "characters" : "elements",
  };
}

function countFittingItems(items: readonly unknown[], room: number): number {
  let left = room - 2;
  const index = items.findIndex((item) => (left -= jsonBytes(item) + 1) < 0);
  return index === -1 ? items.length : index;
}

/** The number of UTF-16 units that fit, without splitting a surrogate pair; found by bisection. */
function countFittingCharacters(text: string, room: number): number {
  // A unit takes at least one byte.
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

/** The slice that a path takes of the member at `member`. */
function sliceAt(path: FieldPath, member: string): { readonly from: number } | undefined {
  const names: string[] = [];
  for (const { name, slice } of path) {
    if (name !== "") names.push(name);
    if (slice !== undefined && names.join(".") === member) return slice;
  }
  return undefined;
}

/** `fields` for the same members of the items behind the `kept` ones. */
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
