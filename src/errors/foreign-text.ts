/**
 * Text that somebody else wrote (a name at Portkey, a caller's argument, Portkey's own message), made fit to stand
 * inside a sentence of ours: one line, cut, without characters that hide, reorder or imitate the words around it.
 */
import { cut } from "./cut.ts";

/** Controls, formats, surrogates, unassigned, and what is drawn as nothing: bidi marks, zero widths, tags, fillers. */
const UNSEEN = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]+/gu;
const UNSEEN_IN_LINES = /(?![\n\t])[\p{C}\p{Default_Ignorable_Code_Point}\u2800\u2028\u2029]/gu;
/** Every kind of space and line break. */
const SPACES = /\s+/gu;
/** More than two marks on one letter are no language's: they cover the lines around them. */
const STACKED_MARKS = /(\p{M}{2})\p{M}+/gu;
/** Signs that read as a closing double quote. */
const DOUBLE_QUOTES =
  /["\u201c-\u201f\u00ab\u00bb\u301d-\u301f\uff02\u2033\u2036\u02ba\u02ee\u275d\u275e\u{1f676}-\u{1f678}]/gu;

/** Work is bounded by what is shown: of a longer text only the beginning is looked at. */
const LOOKED_AT = 4;

/** At most `length` characters of a text as one line; what is left out is marked with `…`. */
export function oneLine(text: string, length: number): string {
  const start = cut(text, 0, length * LOOKED_AT);
  const line = start
    .replace(SPACES, " ")
    .replace(UNSEEN, " ")
    .replace(STACKED_MARKS, "$1")
    .replace(/ {2,}/g, " ")
    .trim();
  const characters = [...line];
  const whole = characters.length <= length && start.length === text.length;
  return whole ? line : `${characters.slice(0, length).join("")}…`;
}

/** The same in double quotes; those inside become single ones, so that the quotation ends where it seems to end. */
export function quoteForeign(text: string, length: number): string {
  return `"${oneLine(text, length).replace(DOUBLE_QUOTES, "'")}"`;
}

/** A text of several lines without characters that nobody sees; its line breaks and tabs stay. */
export function withoutUnseen(text: string): string {
  return text.replace(UNSEEN_IN_LINES, "");
}

/** A word of a foreign sender, such as an error code: bare where it is one plain word, else quoted. */
export function wordOrQuoted(text: string, length: number): string {
  return text.length <= length && /^[\w.:@/+-]+$/.test(text) ? text : quoteForeign(text, length);
}
