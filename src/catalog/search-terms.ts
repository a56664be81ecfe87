/**
 * Text to search terms, the same for what is indexed and what is asked: words in lower case, camelCase and snake_case
 * taken apart, without the words that say nothing. Each word gives its stem (Porter) and, where that differs, its exact
 * form with a mark in front, so that `limits` finds every tool about a limit and lists of limits first.
 */
import { stemmer } from "stemmer";

/** Words so common in requests that matching them would only add noise. */
const NOISE = new Set(
  (
    "a about again all also an and any are as at be because been before but by can could did do does doing during each every for from had has have having he her here him his " +
    "how i if in into is it its just let like may me might more most my need no nobody not now of off on once one only or our out over own please put see shall she should show so some such " +
    "than that the their them then there these they this those through to too under until up us use used using very was we were what when where which while who whose why will with would you your"
  ).split(" "),
);

const EXACT = "=";

/** The terms of `text` in order. */
export function termsOf(text: string): string[] {
  return wordsOf(text)
    .filter((word) => !NOISE.has(word))
    .flatMap((word) => {
      const stem = stemmer(word);
      return stem === word ? [stem] : [stem, exact(word)];
    });
}

/** The term of a word's exact form. */
export function exact(word: string): string {
  return EXACT + word;
}

/** Whether a term is a word's exact form. */
export function isExact(term: string): boolean {
  return term.startsWith(EXACT);
}

/** The words of `text` in lower case, as written otherwise; words of one letter count only where they are digits. */
export function wordsOf(text: string): string[] {
  const words = text
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  return (words ?? []).filter((word) => word.length > 1 || /\d/.test(word));
}
