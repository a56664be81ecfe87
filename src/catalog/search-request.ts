/**
 * Reads a search request: terms to look for, each with its weight, and what is to be done.
 */
import { stemmer } from "stemmer";
import { namesOfThings } from "./cues/names-of-things.ts";
import { inTerms } from "./cues/plain-words.ts";
import type { Risk } from "./record.ts";
import { cuesOf } from "./cues/cues.ts";
import { intentOf, takenAttribute } from "./search-intent.ts";
import { isExact, termsOf, wordsOf } from "./search-terms.ts";
import { PHRASES, SYNONYMS } from "./synonyms.ts";

export interface SearchRequest {
  readonly terms: readonly { readonly term: string; readonly weight: number }[];
  /** The risks of the tools that may do what is asked; none where the request does not tell. */
  readonly intent: ReadonlySet<Risk>;
  /** The verbs of tools that the sentence means, mostly without saying them. */
  readonly verbs: ReadonlySet<string>;
  /** Takes something away from an object, which changes the object and destroys nothing. */
  readonly takesAttribute: boolean;
  /** What could be a tool's name: each word with an underscore in it, and the whole request. */
  readonly named: ReadonlySet<string>;
}

/**
 * How much a term counts: a word's stem, its exact form (`=limits` tells lists from single things), a synonym, a
 * cue's word, a thing's own name.
 */
const WEIGHT = { stem: 1, exact: 0.7, synonym: 0.4, cue: 1.3, name: 0.35 };

/** How much more the object counts than the attribute that it loses. */
const OBJECT_BOOST = 2;

/** A request longer than this says nothing new, and would only keep the process busy. */
const LONGEST_REQUEST = 500;

export function readRequest(input: string): SearchRequest {
  const text = input.slice(0, LONGEST_REQUEST);
  const clauses = text.replace(NEGATED, " not").replace(POSSESSIVE, "").split(CLAUSE_END).map(clauseInTerms);
  const request = clauses.join(" , ");
  const cues = [...clauses, clauses.join(" ")].flatMap(cuesOf);
  const taken = takenAttribute(request);
  const meant = `${request} ${cues.join(" ")}`;
  return {
    terms: weighedTerms(clauses, cues, { called: namesCalled(text), taken: new Set(termsOf(taken?.object ?? "")) }),
    intent: intentOf(meant),
    verbs: new Set([...meant.matchAll(/!(\w+)/g)].map(([, verb]) => verb as string)),
    takesAttribute: taken !== undefined,
    named: new Set([...namesIn(text), wordsOf(text).join("_")]),
  };
}

/** Terms that count otherwise than by themselves: names that things are called, and the object that loses something. */
interface Marked {
  readonly called: ReadonlySet<string>;
  readonly taken: ReadonlySet<string>;
}

/** Every term once, with the most that it counts anywhere. */
function weighedTerms(clauses: readonly string[], cues: readonly string[], marked: Marked): SearchRequest["terms"] {
  const weights = new Map<string, number>();
  const weigh = (term: string, weight: number) => weights.set(term, Math.max(weight, weights.get(term) ?? 0));
  for (const clause of clauses) {
    const names = new Set([...namesOfThings(clause), ...marked.called]);
    for (const term of termsOf(clause)) weigh(term, weightOf(term, marked.taken) * (names.has(term) ? WEIGHT.name : 1));
  }
  for (const term of cues.flatMap(termsOf)) weigh(term, isExact(term) ? WEIGHT.exact : WEIGHT.cue);
  for (const term of wordsOf(clauses.join(" ")).flatMap((word) => [...(synonyms.get(stemmer(word)) ?? [])])) {
    if (!weights.has(term)) weights.set(term, WEIGHT.synonym);
  }
  return [...weights].map(([term, weight]) => ({ term, weight }));
}

function namesCalled(text: string): ReadonlySet<string> {
  const names = [...text.matchAll(CALLED)].flatMap(([, ...found]) => found);
  return new Set(names.flatMap((name = "") => termsOf(name)));
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

/** What is in quotation marks, called so, or written as an identifier is a thing's own name. */
const CALLED = /["“”]([^"“”]{1,60})["“”]|\b(?:called|named) ([\w-]{1,40})|\b(\w{1,20}-[\w-]{0,20}\d[\w-]{0,20})/g;

/** "doesn't", "can't", "dont". */
const NEGATED = /n['’]t(?=\s|$)|(?<=\b(?:do|does|ca|wo|is))nt(?=\s|$)/g;

/** "the team's cap" is about a cap of the team. */
const POSSESSIVE = /['’]s?(?=\s|$)/g;

const phrases = new RegExp(`\\b(${Object.keys(PHRASES).join("|")})\\b`, "g");

/** By the stem of what a request says, the stems of what the tools say. */
const synonyms = new Map<string, Set<string>>();
for (const [word, others] of Object.entries(SYNONYMS)) {
  for (const other of others.split(" ").map(stemmer))
    synonyms.set(other, (synonyms.get(other) ?? new Set()).add(stemmer(word)));
}
