/**
 * Tells a slip of a known name from a name of its own: other case or separators, a plural, words in another order, one
 * or two letters, a near synonym. `top_k` is no slip of `top_p`, nor `cost_max` of `cost_min`: a whole word differs.
 */
import { distance } from "fastest-levenshtein";
import { NEAR_SYNONYMS } from "./near-synonyms.ts";

/** Longer names are not compared: no name of Portkey's comes near this length. */
const LONGEST_NAME = 100;
/** Of shorter names a letter is too much to tell from a word: `top` is not `top_p`. */
const SHORTEST_JOINED = 6;

/**
 * The known name that `name` is a slip of; undefined where it seems to be a name of its own.
 * `given` are the other names of the call: a near synonym of one that is given is no slip.
 */
export function slipOf(
  name: string,
  known: readonly string[],
  given: Pick<ReadonlySet<string>, "has">,
): string | undefined {
  if (name.length > LONGEST_NAME) return undefined;
  const words = wordsOf(name);
  return (
    known.find((each) => isSameButForm(words, wordsOf(each))) ??
    known.find((each) => isMisspelt(words, wordsOf(each))) ??
    known.find((each) => !given.has(each) && isSynonym(words, each))
  );
}

/** The argument that `name` is a part of, or that is a part of it: `id` of `prompt_id`. */
export function containedName(name: string, known: readonly string[]): string | undefined {
  const bare = wordsOf(name).join("");
  if (bare.length < 2 || bare.length > LONGEST_NAME) return undefined;
  return known.find((each) => {
    const other = wordsOf(each).join("");
    return other.includes(bare) || bare.includes(other);
  });
}

/** `pageSize`, `page-size`, `PAGE_SIZE`: page, size. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean);
}

function isSameButForm(one: readonly string[], other: readonly string[]): boolean {
  const [singular, otherSingular] = [one.map(singularOf), other.map(singularOf)];
  return (
    singular.join("") === otherSingular.join("") ||
    (one.length > 1 && [...singular].sort().join(" ") === [...otherSingular].sort().join(" "))
  );
}

function singularOf(word: string): string {
  if (word.length > 4 && word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  return word.length > 2 && word.endsWith("s") ? word.slice(0, -1) : word;
}

function isMisspelt(one: readonly string[], other: readonly string[]): boolean {
  // A separator too many or too few, and one letter: more would make `workspaces` a slip of `workspace_id`.
  if (one.length !== other.length) {
    const [bare, otherBare] = [one.join(""), other.join("")];
    return bare.length >= SHORTEST_JOINED && distance(bare, otherBare) <= 1;
  }
  const pairs = one.map((word, index) => [word, other[index] ?? ""] as const);
  const differing = pairs.filter(([word, otherWord]) => word !== otherWord);
  return differing.length <= 2 && differing.every(([word, otherWord]) => isNear(word, otherWord));
}

/** One letter too many, too few or swapped in a short word; another letter too in a longer one; two in a long one. */
function isNear(one: string, other: string): boolean {
  const length = Math.max(one.length, other.length);
  if (length < 3 || Math.abs(one.length - other.length) > 2) return false;
  const isSwapped = one.length === other.length && sorted(one) === sorted(other);
  const edits = isSwapped ? 1 : distance(one, other);
  if (edits <= 1) return length > 3 || one.length !== other.length || isSwapped;
  return edits === 2 && length >= 8;
}

function sorted(word: string): string {
  return [...word].sort().join("");
}

function isSynonym(words: readonly string[], known: string): boolean {
  const name = words.join("_");
  return (NEAR_SYNONYMS[known] ?? []).some((synonym) => synonym === name);
}
