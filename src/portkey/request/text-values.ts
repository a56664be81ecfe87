/**
 * Converts values that a client wrote as text although another JSON type is required: JSON where an object or a list
 * belongs, a number or a boolean where one belongs. Where text is allowed, it is never converted.
 */
import { BOUNDS } from "../../errors/bounds.ts";
import { isDeeper } from "../../errors/nesting.ts";
import { jsonType, type Problem } from "./problem.ts";
import { Replacements } from "./replacements.ts";

/** The note about a converted value, to follow its path. */
export const READ_AS_JSON = "was given as text and is read as the JSON that it holds";

/** A number as JSON writes it. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** A number with more significant digits may lose some. */
const EXACT_DIGITS = 15;
/** How many levels of JSON in texts of JSON are converted. */
const MOST_ROUNDS = 4;

/** A value of the wrong JSON type: its path in the arguments, and the types accepted there. */
export interface Mistyped extends Problem {
  readonly at: readonly PropertyKey[];
  readonly accepts: readonly string[];
}

/** The value that `text` holds, where it has one of the JSON types `accepts`; undefined otherwise. */
export function readTextAs(text: unknown, accepts: readonly string[]): { readonly value: unknown } | undefined {
  if (typeof text !== "string" || accepts.includes("string")) return undefined;
  const value = parseValue(text.trim());
  if (value === undefined) return undefined;
  const type = jsonType(value);
  const fits = accepts.includes(type) || (accepts.includes("integer") && Number.isInteger(value));
  return fits && type !== "null" ? { value } : undefined;
}

function parseValue(text: string): unknown {
  if (text === "true" || text === "false") return text === "true";
  if (NUMBER.test(text)) return parseNumber(text);
  if (!/^[[{]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isDeeper(value, BOUNDS.depth) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** The number in a text; undefined where JavaScript cannot hold it exactly enough. */
function parseNumber(text: string): number | undefined {
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
 * Converts every mistyped text in `values` that holds a value of an accepted type, then texts inside that value, and so
 * on. Only the containers of such texts are copied. `inUrl` says which arguments are sent as text anyway.
 */
export function readTexts<Findings extends { readonly mistyped: readonly Mistyped[] }>(
  values: Values,
  validateValues: (values: Values) => Findings,
  inUrl: (name: string) => boolean,
): ReadTexts<Findings> {
  /** Where the value is sent as the same text, the conversion makes no difference and needs no note. */
  const isSameInUrl = (at: readonly PropertyKey[], value: unknown) =>
    inUrl(String(at[0])) && String(value) === valueAt(values, at);

  let current = values;
  let findings = validateValues(current);
  const notes: Problem[] = [];
  for (let round = 0; round < MOST_ROUNDS && findings.mistyped.length > 0; round++) {
    const replacements = new Replacements();
    for (const { at, accepts, path } of findings.mistyped) {
      const read = readTextAs(valueAt(current, at), accepts);
      if (read === undefined) continue;
      replacements.add(at, read.value);
      if (!isSameInUrl(at, read.value)) notes.push({ path, text: READ_AS_JSON });
    }
    if (replacements.isEmpty) break;
    current = replacements.apply(current) as Values;
    findings = validateValues(current);
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
