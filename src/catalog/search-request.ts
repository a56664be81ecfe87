/**
 * Reads a search request: terms to look for, each with its weight, and what is to be done.
 */
import { stemmer } from "stemmer";
import type { Risk } from "./record.ts";
import { intentOf } from "./search-intent.ts";
import { isExact, termsOf, wordsOf } from "./search-terms.ts";
import { PHRASES, SYNONYMS } from "./synonyms.ts";

export interface SearchRequest {
  readonly terms: readonly { readonly term: string; readonly weight: number }[];
  /** The risks of the tools that may do what is asked; none where the request does not tell. */
  readonly intent: ReadonlySet<Risk>;
  /** What could be a tool's name: each word with an underscore in it, and the whole request. */
  readonly named: ReadonlySet<string>;
}

/** How much a term counts: a word's stem, its exact form (`=limits` tells lists from single things), a synonym. */
const WEIGHT = { stem: 1, exact: 0.7, synonym: 0.4 };

/** A request longer than this says nothing new, and would only keep the process busy. */
const LONGEST_REQUEST = 500;

export function readRequest(input: string): SearchRequest {
  const text = input.slice(0, LONGEST_REQUEST);
  const request = wordsOf(text)
    .join(" ")
    .replace(phrases, (phrase) => PHRASES[phrase] ?? phrase);
  const literalTerms = [...new Set(termsOf(request))];
  const matchedSynonyms = wordsOf(request).flatMap((word) => [...(synonyms.get(stemmer(word)) ?? [])]);
  const synonymTerms = [...new Set(matchedSynonyms)].filter((term) => !literalTerms.includes(term));
  return {
    terms: [
      ...literalTerms.map((term) => ({ term, weight: isExact(term) ? WEIGHT.exact : WEIGHT.stem })),
      ...synonymTerms.map((term) => ({ term, weight: WEIGHT.synonym })),
    ],
    intent: intentOf(request),
    named: new Set([...(text.toLowerCase().match(/\w+_\w+/g) ?? []), wordsOf(text).join("_")]),
  };
}

const phrases = new RegExp(`\\b(${Object.keys(PHRASES).join("|")})\\b`, "g");

/** By the stem of what a request says, the stems of what the tools say. */
const synonyms = new Map<string, Set<string>>();
for (const [word, others] of Object.entries(SYNONYMS)) {
  for (const other of others.split(" ").map(stemmer))
    synonyms.set(other, (synonyms.get(other) ?? new Set()).add(stemmer(word)));
}
