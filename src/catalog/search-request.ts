/**
 * Reads a search request: terms to look for, each with its weight, and what is to be done.
 */
import { stemmer } from "stemmer";
import { inTerms } from "./plain-words.ts";
import type { Risk } from "./record.ts";
import { intentOf, objectOfAttribute } from "./search-intent.ts";
import { isExact, termsOf, wordsOf } from "./search-terms.ts";
import { PHRASES, SYNONYMS } from "./synonyms.ts";

export interface SearchRequest {
  readonly terms: readonly { readonly term: string; readonly weight: number }[];
  /** The risks of the tools that may do what is asked; none where the request does not tell. */
  readonly intent: ReadonlySet<Risk>;
  /** Takes something away from an object, which changes the object and destroys nothing. */
  readonly takesAttribute: boolean;
  /** What could be a tool's name: each word with an underscore in it, and the whole request. */
  readonly named: ReadonlySet<string>;
}

/** How much a term counts: a word's stem, its exact form (`=limits` tells lists from single things), a synonym. */
const WEIGHT = { stem: 1, exact: 0.7, synonym: 0.4 };

/** How much more the object counts than the attribute that it loses. */
const OBJECT_BOOST = 2;

/** A request longer than this says nothing new, and would only keep the process busy. */
const LONGEST_REQUEST = 500;

export function readRequest(input: string): SearchRequest {
  const text = input.slice(0, LONGEST_REQUEST);
  const request = text.replace(POSSESSIVE, "").split(CLAUSE_END).map(clauseInTerms).join(" , ");
  const literalTerms = [...new Set(termsOf(request))];
  const object = objectOfAttribute(request);
  const objectTerms = new Set(termsOf(object ?? ""));
  const matchedSynonyms = wordsOf(request).flatMap((word) => [...(synonyms.get(stemmer(word)) ?? [])]);
  const synonymTerms = [...new Set(matchedSynonyms)].filter((term) => !literalTerms.includes(term));
  return {
    terms: [
      ...literalTerms.map((term) => ({ term, weight: weightOf(term, objectTerms) })),
      ...synonymTerms.map((term) => ({ term, weight: WEIGHT.synonym })),
    ],
    intent: intentOf(request),
    takesAttribute: object !== undefined,
    named: new Set([...namesIn(text), wordsOf(text).join("_")]),
  };
}

/** Words that are written as names of tools are. */
function namesIn(text: string): string[] {
  return (text.toLowerCase().match(/\w+/g) ?? []).filter((word) => /\w_\w/.test(word));
}

function weightOf(term: string, objectTerms: ReadonlySet<string>): number {
  const weight = isExact(term) ? WEIGHT.exact : WEIGHT.stem;
  return objectTerms.has(term) ? weight * OBJECT_BOOST : weight;
}

function clauseInTerms(clause: string): string {
  return inTerms((clause.toLowerCase().match(WORD) ?? []).join(" ")).replace(
    phrases,
    (phrase) => PHRASES[phrase] ?? phrase,
  );
}

/** Short words too: "a day", "as a file". */
const WORD = /[\p{L}\p{N}]+/gu;

/** A point inside a number or a name ends nothing. */
const CLAUSE_END = /[,;:!?]|\.(?=\s|$)/;

/** "the team's cap" is about a cap of the team. */
const POSSESSIVE = /['’]s?(?=\s|$)/g;

const phrases = new RegExp(`\\b(${Object.keys(PHRASES).join("|")})\\b`, "g");

/** By the stem of what a request says, the stems of what the tools say. */
const synonyms = new Map<string, Set<string>>();
for (const [word, others] of Object.entries(SYNONYMS)) {
  for (const other of others.split(" ").map(stemmer))
    synonyms.set(other, (synonyms.get(other) ?? new Set()).add(stemmer(word)));
}
