/**
 * Describes what is wrong with a file that a person wrote, by its zod schema.
 * Each mistake has its place and says what to write there, in plain words (a text, a list) instead of zod's.
 * A wrong value is quoted only where an enum is expected: elsewhere it may be a secret in the wrong place.
 */
import type { z } from "zod";
import { clip } from "./clip.ts";
import { parseForeign } from "./parse-foreign.ts";

export interface Mistake {
  readonly path: readonly PropertyKey[];
  /** Continues the sentence after the place and a colon; no full stop at its end. */
  readonly text: string;
}

/** Either the value as the schema parsed it, or at least one mistake. */
export type Checked<Value> =
  | { readonly value: Value; readonly mistakes: undefined }
  | { readonly value: undefined; readonly mistakes: readonly Mistake[] };

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

/** Checks `value`. A message that the schema itself defines is used instead of the words of this file. */
export function checkBySchema<Schema extends z.ZodType>(schema: Schema, value: unknown): Checked<z.output<Schema>> {
  const { success, data, error } = parseForeign(schema, value, { error: describeIssue, reportInput: true });
  if (success) return { value: data, mistakes: undefined };
  return { value: undefined, mistakes: error.issues.flatMap((issue) => toMistakes(issue, [])) };
}

/** Marks a union's issue whose text is to be made from the issues of its variants. */
const BY_VARIANT = "by variant";
/** So many allowed values are listed; the others are counted. */
const LISTED_VALUES = 12;

const TYPES: ReadonlyMap<string, string> = new Map([
  ["string", "a text"],
  ["number", "a number"],
  ["int", "a whole number"],
  ["boolean", "true or false"],
  ["array", "a list"],
  ["object", "an object"],
  ["record", "an object"],
  ["null", "null"],
]);

function describeIssue(issue: RawIssue): string {
  const { input } = issue;
  switch (issue.code) {
    case "invalid_type":
      return describeMismatch(typeName(issue.expected), input);
    case "invalid_value":
      return describeWrongValue(issue.values, input);
    case "invalid_union":
      return BY_VARIANT;
    case "unrecognized_keys":
      return describeUnknownKey(issue);
    case "invalid_key":
      return `is no name that can stand here: it ${issue.issues[0]?.message ?? "has another form"}`;
    case "too_small":
      return describeTooSmall(issue);
    case "too_big":
      return describeTooBig(issue);
    case "invalid_format":
      return `does not have the form ${"pattern" in issue && issue.pattern ? issue.pattern : issue.format}`;
    default:
      return "cannot be so";
  }
}

function toMistakes(issue: Issue, above: readonly PropertyKey[]): Mistake[] {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ path: [...path, key], text: issue.message }));
  if (issue.code === "invalid_union" && issue.message === BY_VARIANT) return variantMistakes(issue, path);
  return [{ path, text: issue.message }];
}

/** The mistakes of the variant that was probably meant: of those that take this type of value, the one with fewest. */
function variantMistakes(issue: z.core.$ZodIssueInvalidUnion, path: readonly PropertyKey[]): Mistake[] {
  const meant = issue.errors
    .filter((issues) => !issues.some(refusesWhole))
    .sort((one, other) => one.length - other.length)[0];
  if (meant !== undefined) return meant.flatMap((inner) => toMistakes(inner, path));
  const words = [...new Set(issue.errors.flat().flatMap(expectedValues))];
  return [{ path, text: describeMismatch(words.join(" or "), issue.input) }];
}

/** Whether the value itself is of the wrong type, not a value inside it. */
function refusesWhole({ code, path }: Issue): boolean {
  return path.length === 0 && (code === "invalid_type" || code === "invalid_value" || code === "invalid_union");
}

/** Descriptions of the values that the issue would accept; empty for an issue about a value further inside. */
function expectedValues(issue: Issue): string[] {
  if (issue.path.length > 0) return [];
  if (issue.code === "invalid_type") return [typeName(issue.expected)];
  if (issue.code === "invalid_value") return [listChoices(issue.values)];
  return issue.code === "invalid_union" ? issue.errors.flat().flatMap(expectedValues) : [];
}

function describeWrongValue(values: readonly unknown[], input: unknown): string {
  const names = values.filter((value) => typeof value === "string");
  if (typeof input !== "string" || names.length === 0) return describeMismatch(listChoices(values), input);
  return `must be ${listChoices(values)}, not "${clip(input)}"`;
}

function listChoices(values: readonly unknown[]): string {
  const names = values.slice(0, LISTED_VALUES).map(String);
  if (values.length > LISTED_VALUES) names.push(`${values.length - LISTED_VALUES} more`);
  return names.length > 1 ? `one of ${names.join(", ")}` : names.join("");
}

function describeMismatch(wanted: string, input: unknown): string {
  return input === undefined ? `is missing; give ${wanted}` : `must be ${wanted}, not ${describeValue(input)}`;
}

function typeName(expected: string): string {
  return TYPES.get(expected) ?? expected;
}

/** Numbers and booleans are shown, since they are no secrets; of other values only the type is. */
function describeValue(value: unknown): string {
  if (value === null) return "empty";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeName(Array.isArray(value) ? "array" : typeof value);
}

function describeUnknownKey({ inst }: RawIssue): string {
  const shape = (inst as z.ZodObject | undefined)?._zod.def.shape;
  const names = Object.keys(shape ?? {});
  return names.length === 0 ? "is unknown here" : `is unknown here; known are ${names.join(", ")}`;
}

function describeTooSmall({ origin, minimum }: Pick<z.core.$ZodIssueTooSmall, "origin" | "minimum">): string {
  if (origin === "number" || origin === "int") return `must be at least ${minimum}`;
  return Number(minimum) === 1 ? "is empty" : `has fewer than ${minimum} ${unitName(origin)}`;
}

function describeTooBig({ origin, maximum }: Pick<z.core.$ZodIssueTooBig, "origin" | "maximum">): string {
  if (origin === "number" || origin === "int") return `must be at most ${maximum}`;
  return `has more than ${maximum} ${unitName(origin)}`;
}

function unitName(origin: string): string {
  return origin === "string" ? "characters" : "entries";
}
