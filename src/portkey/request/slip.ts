/**
 * Decides whether an unknown name is a misspelling of a known one: other case or separators, a plural, words in another
 * order, one or two letters, a near synonym.
 * `top_k` is none of `top_p`, nor `cost_max` of `cost_min`: there a whole word differs.
 */
import { distance } from "fastest-levenshtein";
import { NEAR_SYNONYMS } from "./near-synonyms.ts";

/** Longer names are not compared: Portkey's are far shorter. */
const LONGEST_NAME = 100;
/** In shorter names, one letter more can be a word of its own: `top` is not `top_p`. */
const SHORTEST_JOINED = 6;

/**
 * The known name that `name` misspells; undefined where it seems to be another name.
 * `given` are the call's names: a near synonym of an argument that is given too is no misspelling.
 */
export function findMisspelt(
  name: string,
  known: readonly string[],
  given: Pick<ReadonlySet<string>, "has">,
): string | undefined {
  if (name.length > LONGEST_NAME) return undefined;
  const words = splitWords(name);
  return (
    known.find((candidate) => isSameButForm(words, splitWords(candidate))) ??
    known.find((candidate) => isMisspelt(words, splitWords(candidate))) ??
    known.find((candidate) => !given.has(candidate) && isSynonym(words, candidate))
  );
}

/** The known name that contains `name` or is contained in it, as `prompt_id` contains `id`. */
export function findContained(name: string, known: readonly string[]): string | undefined {
  const bare = splitWords(name).join("");
  if (bare.length < 2 || bare.length > LONGEST_NAME) return undefined;
  return known.find((candidate) => {
    const other = splitWords(candidate).join("");
    return other.includes(bare) || bare.includes(other);
  });
}

/** `pageSize`, `page-size`, `PAGE_SIZE`: page, size. */
function splitWords(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean);
}

function isSameButForm(one: readonly string[], other: readonly string[]): boolean {
  const [singular, otherSingular] = [one.map(toSingular), other.map(toSingular)];
  return (
    singular.join("") === otherSingular.join("") ||
    (one.length > 1 && [...singular].sort().join(" ") === [...otherSingular].sort().join(" "))
  );
}

function toSingular(word: string): string {
  if (word.length > 4 && word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  return word.length > 2 && word.endsWith("s") ? word.slice(0, -1) : word;
}

function isMisspelt(one: readonly string[], other: readonly string[]): boolean {
  // Other separators and one letter: allowing more would make `workspaces` a misspelling of `workspace_id`.
  if (one.length !== other.length) {
    const [bare, otherBare] = [one.join(""), other.join("")];
    return bare.length >= SHORTEST_JOINED && distance(bare, otherBare) <= 1;
  }
  const pairs = one.map((word, index) => [word, other[index] ?? ""] as const);
  const differing = pairs.filter(([word, otherWord]) => word !== otherWord);
  return differing.length <= 2 && differing.every(([word, otherWord]) => isNear(word, otherWord));
}

/**
 * Whether two words differ by a misspelling. Of up to 3 letters: one letter more, less, or letters swapped.
 * Of 4 letters and more: any one edit. Of 8 letters and more: two edits.
 */
function isNear(one: string, other: string): boolean {
  const length = Math.max(one.length, other.length);
  if (length < 3 || Math.abs(one.length - other.length) > 2) return false;
  const isSwapped = one.length === other.length && sortLetters(one) === sortLetters(other);
  const edits = isSwapped ? 1 : distance(one, other);
  if (edits <= 1) return length > 3 || one.length !== other.length || isSwapped;
  return edits === 2 && length >= 8;
}

function sortLetters(word: string): string {
  return [...word].sort().join("");
}

function isSynonym(words: readonly string[], known: string): boolean {
  const name = words.join("_");
  return (NEAR_SYNONYMS[known] ?? []).some((synonym) => synonym === name);
}
