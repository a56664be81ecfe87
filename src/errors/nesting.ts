/** How deep and how wide a JSON value is, found without recursion deeper than the bound. */

/** Whether a JSON value is nested deeper than `levels`; a string or number has none, `[]` has one. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((item) => typeof item === "object" && isDeeper(item, levels - 1));
  const members = value as Readonly<Record<string, unknown>>;
  // Every answer is looked through, and this takes half the time of Object.keys. JSON inherits nothing.
  // eslint-disable-next-line no-restricted-syntax
  for (const name in members) {
    const member = members[name];
    if (typeof member === "object" && isDeeper(member, levels - 1)) return true;
  }
  return false;
}

/** More opening brackets in a row than any JSON within a bound begins with: to parse it would only take memory. */
export function opensDeeper(text: string, levels: number): boolean {
  if (!text.includes("[".repeat(levels + 1))) return false;
  // In a string they are text.
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text[at];
    if (unit === '"') at = stringEnd(text, at);
    else if (unit === "[" || unit === "{") depth += 1;
    else if (unit === "]" || unit === "}") depth -= 1;
    if (depth > levels) return true;
  }
  return false;
}

/** Where the string ends that begins at `start`. */
function stringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === "\\") slashes += 1;
  return slashes % 2 === 1;
}

/** What one walk through a JSON value tells. */
export interface Inspection {
  /** Nested too deep, or holding too many values; the walk ended there. */
  readonly tooMuch?: "deep" | "many";
  /** How many values it holds, itself included; where it is too much, those up to there. */
  readonly values: number;
  /** There is a number of which a part may have been lost: infinite, or whole and beyond what is exact. */
  readonly inexact: boolean;
}

/** One walk through a JSON value: `levels` and `most` are how deep it may be, and how many values it may hold. */
export function inspectJson(value: unknown, levels: number, most: number): Inspection {
  let count = 0;
  let tooMuch: "deep" | "many" | undefined;
  let inexact = false;
  /** Whether the walk goes on. */
  const visit = (each: unknown, left: number): boolean => {
    if (typeof each === "number") inexact ||= isInexact(each);
    if (typeof each !== "object" || each === null) return true;
    if (left === 0) tooMuch = "deep";
    else if (Array.isArray(each)) {
      count += each.length;
      if (count > most) tooMuch = "many";
      else return each.every((item) => visit(item, left - 1));
    } else {
      // As in isDeeper: this takes half the time of Object.keys, and JSON inherits nothing.
      // eslint-disable-next-line no-restricted-syntax
      for (const name in each) {
        count += 1;
        if (!visit((each as Readonly<Record<string, unknown>>)[name], left - 1)) return false;
      }
      if (count > most) tooMuch = "many";
    }
    return tooMuch === undefined;
  };
  count += 1;
  visit(value, levels);
  return { ...(tooMuch && { tooMuch }), values: count, inexact };
}

/** Whether a number may not be the one that was written. */
export function isInexact(value: number): boolean {
  return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));
}
