/** How deep and how wide a JSON value is, found without recursion deeper than the bound. */

/** Whether a JSON value is nested deeper than `levels`; a string or number has none, `[]` has one. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((item) => typeof item === "object" && isDeeper(item, levels - 1));
  const members = value as Readonly<Record<string, unknown>>;
  // This runs for every answer, and takes half the time of Object.keys. Parsed JSON inherits no members.
  // eslint-disable-next-line no-restricted-syntax
  for (const name in members) {
    const member = members[name];
    if (typeof member === "object" && isDeeper(member, levels - 1)) return true;
  }
  return false;
}

/**
 * Whether a JSON text opens more than `levels` arrays in a row, or nests deeper than that after it does.
 * Asked before parsing, since parsing such a text only takes memory.
 */
export function opensDeeper(text: string, levels: number): boolean {
  if (!text.includes("[".repeat(levels + 1))) return false;
  // The brackets may stand in a string, so the levels are counted.
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

/** The place of the quote that closes the string opened at `start`; the text's length where none does. */
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

/** The result of one walk through a JSON value. */
export interface Inspection {
  /** Nested too deep, or holding too many values; the walk ended there. */
  readonly tooMuch?: "deep" | "many";
  /** How many values it holds, itself included; those counted so far where the walk ended early. */
  readonly values: number;
  /** A number may have lost digits in parsing: it is infinite, or an integer beyond the safe range. */
  readonly inexact: boolean;
}

/** Walks through a JSON value once. It may be nested `levels` deep and hold `most` values. */
export function inspectJson(value: unknown, levels: number, most: number): Inspection {
  let count = 0;
  let tooMuch: "deep" | "many" | undefined;
  let inexact = false;
  /** Returns whether the walk goes on. */
  const visit = (node: unknown, left: number): boolean => {
    if (typeof node === "number") inexact ||= isInexact(node);
    if (typeof node !== "object" || node === null) return true;
    if (left === 0) tooMuch = "deep";
    else if (Array.isArray(node)) {
      count += node.length;
      if (count > most) tooMuch = "many";
      else return node.every((item) => visit(item, left - 1));
    } else {
      // As in isDeeper: half the time of Object.keys, and parsed JSON inherits no members.
      // eslint-disable-next-line no-restricted-syntax
      for (const name in node) {
        count += 1;
        if (!visit((node as Readonly<Record<string, unknown>>)[name], left - 1)) return false;
      }
      if (count > most) tooMuch = "many";
    }
    return tooMuch === undefined;
  };
  count += 1;
  visit(value, levels);
  return { ...(tooMuch && { tooMuch }), values: count, inexact };
}

/** Whether parsing may have changed the number that was written. */
export function isInexact(value: number): boolean {
  return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));
}
