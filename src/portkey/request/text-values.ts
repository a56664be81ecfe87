/**
 * Values that a client wrote as text because it can write nothing else: JSON where only an object or a list can be
 * meant, a number or a boolean where only that can. Text that could be meant as text is never read as anything else.
 */
import { BOUNDS } from "../../errors/bounds.ts";
import { isDeeper } from "../../errors/nesting.ts";
import { jsonType, type Problem } from "./problem.ts";
import { Replacements } from "./replacements.ts";

/** What a note says of such a value, after its path. */
export const READ_AS_JSON = "was given as text and is read as the JSON that it holds";

/** A number as JSON writes it. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** More significant digits than these do not survive as a number. */
const EXACT_DIGITS = 15;
/** Text within text within text: nobody writes JSON deeper. */
const MOST_ROUNDS = 4;

/** A value of the wrong JSON type: where it stands among the arguments, and the types that are right there. */
export interface Mistyped extends Problem {
  readonly at: readonly PropertyKey[];
  readonly accepts: readonly string[];
}

/** What `text` holds, where that is of one of the JSON types `accepts`; undefined where it is not, or is no text. */
export function readAs(text: unknown, accepts: readonly string[]): { readonly value: unknown } | undefined {
  if (typeof text !== "string" || accepts.includes("string")) return undefined;
  const value = jsonOf(text.trim());
  if (value === undefined) return undefined;
  const type = jsonType(value);
  const fits = accepts.includes(type) || (accepts.includes("integer") && Number.isInteger(value));
  return fits && type !== "null" ? { value } : undefined;
}

function jsonOf(text: string): unknown {
  if (text === "true" || text === "false") return text === "true";
  if (NUMBER.test(text)) return numberOf(text);
  if (!/^[[{]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isDeeper(value, BOUNDS.depth) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** The number that a text says; undefined where JavaScript cannot hold that number. */
function numberOf(text: string): number | undefined {
  const digits = (text.split(/[eE]/, 1)[0] ?? "").replace(/\D/g, "").replace(/^0+/, "");
  const number = Number(text);
  const isLost = !Number.isFinite(number) || (number === 0 && digits !== "");
  return isLost || digits.length > EXACT_DIGITS ? undefined : number;
}

type Values = Readonly<Record<string, unknown>>;

export interface ReadTexts<Findings> {
  readonly values: Values;
  /** The findings about `values`. */
  readonly findings: Findings;
  readonly notes: readonly Problem[];
}

/**
 * Reads every mistyped text in `values` that holds what is wanted there, then what it contains, and so on.
 * Only the containers on the way to such a text are copied; every other value stays the one that was given.
 * `inUrl` tells the arguments that go out in the URL.
 */
export function readTexts<Findings extends { readonly mistyped: readonly Mistyped[] }>(
  values: Values,
  findingsOf: (values: Values) => Findings,
  inUrl: (name: string) => boolean,
): ReadTexts<Findings> {
  /** A URL says a number as its text does: then nothing was read otherwise than it was written. */
  const isSameInUrl = (at: readonly PropertyKey[], value: unknown) =>
    inUrl(String(at[0])) && String(value) === valueAt(values, at);

  let current = values;
  let findings = findingsOf(current);
  const notes: Problem[] = [];
  for (let round = 0; round < MOST_ROUNDS && findings.mistyped.length > 0; round++) {
    const replacements = new Replacements();
    for (const { at, accepts, path } of findings.mistyped) {
      const read = readAs(valueAt(current, at), accepts);
      if (read === undefined) continue;
      replacements.add(at, read.value);
      if (!isSameInUrl(at, read.value)) notes.push({ path, text: READ_AS_JSON });
    }
    if (replacements.isEmpty) break;
    current = replacements.applied(current) as Values;
    findings = findingsOf(current);
  }
  return { values: current, findings, notes };
}

/** The value at a path; undefined where there is none. Inherited members are none. */
export function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
