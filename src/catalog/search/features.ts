/**
 * What search sees of a text: its words as stems (Porter), and each two that follow one another. Names that stand for
 * any of their kind are that kind: a vendor, a model, an address, an amount. The same for what is learnt and what is
 * asked.
 */
import { stemmer } from "stemmer";
import { MODEL, MODEL_VENDOR, TOOL_VENDOR } from "./names.ts";

/** A text longer than this says nothing new, and would only keep the process busy. */
export const LONGEST_TEXT = 500;

/** What is written in any number of ways, and the word for its kind. */
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

/** "doesn't" is not; "the team's" is the team. */
const NEGATED = /n['’]t\b/g;
const POSSESSIVE = /['’]s?(?=\s|$)/g;

/** The stems of the words of `text` in order. */
export function stemsOf(text: string): string[] {
  const spaced = text
    .slice(0, LONGEST_TEXT)
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .replace(NEGATED, " not")
    .replace(POSSESSIVE, "");
  const plain = KINDS.reduce((rest, [form, kind]) => rest.replace(form, kind), spaced);
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).map(stemOf);
}

function stemOf(word: string): string {
  return WORD_KINDS.find(([form]) => form.test(word))?.[1] ?? stemmer(word);
}

/** Stands before the first word and behind the last. */
const EDGE = ".";

/** The features of stems, each once: every stem, and every two neighbours with a blank between them. */
export function featuresOf(stems: readonly string[]): string[] {
  const row = [EDGE, ...stems, EDGE];
  return [...new Set([...stems, ...row.slice(1).map((stem, at) => `${row[at]} ${stem}`)])];
}

/** Whether a feature is of two words. */
export function isPair(feature: string): boolean {
  return feature.includes(" ");
}
