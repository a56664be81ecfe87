/**
 * The features of a text for search: its words as stems (Porter), and each pair of adjacent words.
 * A name is replaced by a word for its kind: a vendor, a model, an address, an amount.
 * Training and search use the same features.
 */
import { stemmer } from "stemmer";
import { MODEL, MODEL_VENDOR, TOOL_VENDOR } from "./names.ts";

/** Characters of a text that are read: the rest of a longer request would only cost time. */
export const LONGEST_TEXT = 500;

/** Patterns of values that can be anything, and the word for their kind. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/[\w.+-]{1,64}@[\w-][\w.-]{0,64}/g, " anemail "],
  [/https?:\S+/g, " aurl "],
  [/[$€£]\s?\d[\d.,]*k?|\b\d[\d.,]*\s?(?:dollars?|usd|euros?|eur|bucks?)\b/g, " anamount "],
  [/\b\d+(?:\.\d+)?\s?(?:%|percent\b)/g, " apercentage "],
];

/** Single words of a kind. */
const WORD_KINDS: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`^(?:${MODEL_VENDOR})$`), "avendor"],
  [new RegExp(`^(?:${TOOL_VENDOR})$`), "atoolvendor"],
  [new RegExp(`^(?:${MODEL})$`), "amodel"],
  [/^\d+$/, "anumber"],
  [/^(?=\D*\d)\w{3,}$/, "anid"],
];

/** "doesn't" becomes "does not"; "the team's" becomes "the team". */
const NEGATED = /n['’]t\b/g;
const POSSESSIVE = /['’]s?(?=\s|$)/g;

/** The stems of the words of `text` in order. */
export function toStems(text: string): string[] {
  const spaced = text
    .slice(0, LONGEST_TEXT)
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .replace(NEGATED, " not")
    .replace(POSSESSIVE, "");
  const plain = KINDS.reduce((rest, [form, kind]) => rest.replace(form, kind), spaced);
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).map(toStem);
}

function toStem(word: string): string {
  return WORD_KINDS.find(([form]) => form.test(word))?.[1] ?? stemmer(word);
}

/** Marks the beginning and the end of a text in pairs. */
const EDGE = ".";

/** The features of stems, each once: every stem, and every pair of neighbours with a space between them. */
export function toFeatures(stems: readonly string[]): string[] {
  const withEdges = [EDGE, ...stems, EDGE];
  const pairs = withEdges.slice(1).map((stem, at) => `${withEdges[at]} ${stem}`);
  return [...new Set([...stems, ...pairs])];
}

/** Whether a feature is a pair of words. */
export function isPair(feature: string): boolean {
  return feature.includes(" ");
}
