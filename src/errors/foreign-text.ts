/**
 * Makes foreign text (a name at Portkey, a caller's argument, Portkey's own message) safe to quote in our sentences:
 * one line, cut, without characters that hide, reorder or imitate the words around it.
 */
import { cut } from "./cut.ts";

/** Characters that are not drawn: controls, formats, surrogates, unassigned, bidi marks, zero widths, tags, fillers. */
const INVISIBLE = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]+/gu;
const INVISIBLE_IN_LINES = /(?![\n\t])[\p{C}\p{Default_Ignorable_Code_Point}\u2800\u2028\u2029]/gu;
/** Every kind of space and line break. */
const SPACES = /\s+/gu;
/** More than two combining marks on one letter: no language writes so, and they cover the lines around them. */
const STACKED_MARKS = /(\p{M}{2})\p{M}+/gu;
/** Signs that read as a closing double quote. */
const DOUBLE_QUOTES =
  /["\u201c-\u201f\u00ab\u00bb\u301d-\u301f\uff02\u2033\u2036\u02ba\u02ee\u275d\u275e\u{1f676}-\u{1f678}]/gu;

/** So many times the shown length is read; the rest of a longer text is not, so that the work stays bounded. */
const READ_FACTOR = 4;

/** At most `length` characters of a text as one line; what is left out is marked with `…`. */
export function oneLine(text: string, length: number): string {
  const start = cut(text, 0, length * READ_FACTOR);
  const line = start
    .replace(SPACES, " ")
    .replace(INVISIBLE, " ")
    .replace(STACKED_MARKS, "$1")
    .replace(/ {2,}/g, " ")
    .trim();
  const characters = [...line];
  const whole = characters.length <= length && start.length === text.length;
  return whole ? line : `${characters.slice(0, length).join("")}…`;
}

/** As `oneLine`, in double quotes; double quotes inside become single ones, so that only the last one closes. */
export function quoteForeign(text: string, length: number): string {
  return `"${oneLine(text, length).replace(DOUBLE_QUOTES, "'")}"`;
}

/** A text of several lines without invisible characters; its line breaks and tabs stay. */
export function stripInvisible(text: string): string {
  return text.replace(INVISIBLE_IN_LINES, "");
}

/** A foreign word, such as an error code: unquoted where it is one plain word, else quoted. */
export function wordOrQuoted(text: string, length: number): string {
  return text.length <= length && /^[\w.:@/+-]+$/.test(text) ? text : quoteForeign(text, length);
}
