/**
 * What is wrong with a file that a person wrote, by its schema: each mistake with its place and what to write there
 * instead, in the words of files (a text, a list) and not in those of the library that checks them. Values are quoted
 * only where a few words are allowed: anything else may be a secret that was put in the wrong place.
 */
import type { z } from "zod";
import { clip } from "./clip.ts";
import { parseForeign } from "./parse-foreign.ts";

export interface Mistake {
  readonly path: readonly PropertyKey[];
  /** Reads on after the place and a colon, without a full stop at its end. */
  readonly text: string;
}

/** Either the value as the schema gives it, or at least one mistake. */
export type Checked<Value> =
  | { readonly value: Value; readonly mistakes: undefined }
  | { readonly value: undefined; readonly mistakes: readonly Mistake[] };

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

/** What a schema says of itself goes before these words. */
export function checkBySchema<Schema extends z.ZodType>(schema: Schema, value: unknown): Checked<z.output<Schema>> {
  const { success, data, error } = parseForeign(schema, value, { error: sentence, reportInput: true });
  if (success) return { value: data, mistakes: undefined };
  return { value: undefined, mistakes: error.issues.flatMap((issue) => mistakesOf(issue, [])) };
}

/** The text of a union's issue until its variants are looked at. */
const BY_VARIANT = "by variant";
const NAMED_VALUES = 12;

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

function sentence(issue: RawIssue): string {
  const { input } = issue;
  switch (issue.code) {
    case "invalid_type":
      return unlike(typeInWords(issue.expected), input);
    case "invalid_value":
      return wrongValue(issue.values, input);
    case "invalid_union":
      return BY_VARIANT;
    case "unrecognized_keys":
      return unknownName(issue);
    case "invalid_key":
      return `is no name that can stand here: it ${issue.issues[0]?.message ?? "has another form"}`;
    case "too_small":
      return tooSmall(issue);
    case "too_big":
      return tooBig(issue);
    case "invalid_format":
      return `does not have the form ${"pattern" in issue && issue.pattern ? issue.pattern : issue.format}`;
    default:
      return "cannot be so";
  }
}

function mistakesOf(issue: Issue, above: readonly PropertyKey[]): Mistake[] {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ path: [...path, key], text: issue.message }));
  if (issue.code === "invalid_union" && issue.message === BY_VARIANT) return variantMistakes(issue, path);
  return [{ path, text: issue.message }];
}

/** The mistakes of the variant that is meant: one that takes the kind of value that is there. */
function variantMistakes(issue: z.core.$ZodIssueInvalidUnion, path: readonly PropertyKey[]): Mistake[] {
  const meant = issue.errors
    .filter((issues) => !issues.some(refusesWhole))
    .sort((one, other) => one.length - other.length)[0];
  if (meant !== undefined) return meant.flatMap((each) => mistakesOf(each, path));
  const words = [...new Set(issue.errors.flat().flatMap(wantedBy))];
  return [{ path, text: unlike(words.join(" or "), issue.input) }];
}

/** Whether the value itself is of the wrong kind, not something in it. */
function refusesWhole({ code, path }: Issue): boolean {
  return path.length === 0 && (code === "invalid_type" || code === "invalid_value" || code === "invalid_union");
}

/** What would have been right, in words. */
function wantedBy(issue: Issue): string[] {
  if (issue.path.length > 0) return [];
  if (issue.code === "invalid_type") return [typeInWords(issue.expected)];
  if (issue.code === "invalid_value") return [anyOf(issue.values)];
  return issue.code === "invalid_union" ? issue.errors.flat().flatMap(wantedBy) : [];
}

function wrongValue(values: readonly unknown[], input: unknown): string {
  const names = values.filter((value) => typeof value === "string");
  if (typeof input !== "string" || names.length === 0) return unlike(anyOf(values), input);
  return `must be ${anyOf(values)}, not "${clip(input)}"`;
}

function anyOf(values: readonly unknown[]): string {
  const named = values.slice(0, NAMED_VALUES).map(String);
  if (values.length > NAMED_VALUES) named.push(`${values.length - NAMED_VALUES} more`);
  return named.length > 1 ? `one of ${named.join(", ")}` : named.join("");
}

function unlike(wanted: string, input: unknown): string {
  return input === undefined ? `is missing; give ${wanted}` : `must be ${wanted}, not ${inWords(input)}`;
}

function typeInWords(expected: string): string {
  return TYPES.get(expected) ?? expected;
}

/** Numbers and switches are no secrets, and are shown. */
function inWords(value: unknown): string {
  if (value === null) return "empty";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeInWords(Array.isArray(value) ? "array" : typeof value);
}

function unknownName({ inst }: RawIssue): string {
  const shape = (inst as z.ZodObject | undefined)?._zod.def.shape;
  const names = Object.keys(shape ?? {});
  return names.length === 0 ? "is unknown here" : `is unknown here; known are ${names.join(", ")}`;
}

function tooSmall({ origin, minimum }: Pick<z.core.$ZodIssueTooSmall, "origin" | "minimum">): string {
  if (origin === "number" || origin === "int") return `must be at least ${minimum}`;
  return Number(minimum) === 1 ? "is empty" : `has fewer than ${minimum} ${unitOf(origin)}`;
}

function tooBig({ origin, maximum }: Pick<z.core.$ZodIssueTooBig, "origin" | "maximum">): string {
  if (origin === "number" || origin === "int") return `must be at most ${maximum}`;
  return `has more than ${maximum} ${unitOf(origin)}`;
}

function unitOf(origin: string): string {
  return origin === "string" ? "characters" : "entries";
}
