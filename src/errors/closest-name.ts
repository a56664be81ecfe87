/**
 * Finds the name that was probably meant, for every "did you mean": arguments, tools, settings, flags, values. For a
 * name that resembles none there is no suggestion, and the caller says where the names are listed instead.
 */
import { distance } from "fastest-levenshtein";
import { BOUNDS } from "./bounds.ts";

/** The candidate nearest to `name`; undefined where none is near. */
export function closestName(name: string, candidates: readonly string[]): string | undefined {
  return closestNames(name, candidates, 1)[0];
}

/**
 * The candidates near to `name`, nearest first. Case, `_`, `-` and `.` do not count; a name that contains the other
 * (`id` in `prompt_id`) beats one that is merely short.
 */
export function closestNames(name: string, candidates: readonly string[], most = 3): string[] {
  const wanted = name.slice(0, BOUNDS.comparedName);
  const limit = mostEdits(normalize(wanted));
  return (
    candidates
      .map((candidate) => ({ candidate, score: editScore(wanted, candidate.slice(0, BOUNDS.comparedName)) }))
      // A name that contains the other scores LIKE and a fraction, and counts as within the limit too.
      .filter(({ score }) => Math.floor(score) <= limit)
      .sort((one, other) => one.score - other.score)
      .slice(0, most)
      .map(({ candidate }) => candidate)
  );
}

/** `; the closest is …`; where none is near, `otherwise`, which says where the names are listed. */
export function closestHint(name: string, candidates: readonly string[], otherwise = ""): string {
  const closest = closestName(name, candidates);
  return closest === undefined ? otherwise : `; the closest is ${closest}`;
}

/** How many edits may separate two spellings of a name: a third of its letters, and at least one. */
function mostEdits(name: string): number {
  return Math.max(name.length < 2 ? 0 : LIKE, Math.floor(name.length / 3));
}

/** The score of swapped letters, and of a name that contains the other, plus a fraction for each missing letter. */
const LIKE = 1;
const PER_LETTER = 1 / 1_000;

/** An edit distance; 0 is equal. */
function editScore(wanted: string, candidate: string): number {
  const [one, other] = [normalize(wanted), normalize(candidate)];
  if (one === other) return 0;
  if (sortLetters(one) === sortLetters(other)) return LIKE;
  const edits = distance(one, other);
  return contains(candidate, wanted) || contains(wanted, candidate)
    ? Math.min(edits, LIKE + edits * PER_LETTER)
    : edits;
}

/** Whether one name contains the other: all of its words, or as one piece of at least a third of the length. */
function contains(whole: string, part: string): boolean {
  const [long, short] = [normalize(whole), normalize(part)];
  if (short.length < 2) return false;
  const words = splitWords(whole);
  return (
    splitWords(part).every((word) => words.includes(word)) || (long.includes(short) && short.length * 3 >= long.length)
  );
}

/** The words of a name: `promptId` and `prompt-id` have prompt and id. */
function splitWords(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z\d]+/);
}

function normalize(name: string): string {
  return name.toLowerCase().replace(/[_.-]/g, "");
}

function sortLetters(name: string): string {
  return [...name].sort().join("");
}
