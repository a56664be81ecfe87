/**
 * Finds the name that somebody probably meant, for every "did you mean": arguments, tools, settings, flags, values. A
 * name that resembles nothing has none; whoever says so then says where the names are instead.
 */
import { distance } from "fastest-levenshtein";
import { BOUNDS } from "./bounds.ts";

/** The candidate nearest to `name`, or undefined where none is near. */
export function closestName(name: string, candidates: readonly string[]): string | undefined {
  return closestNames(name, candidates, 1)[0];
}

/**
 * The candidates near to `name`, nearest first. Case, `_`, `-` and `.` do not count; a name that contains the other
 * (`id` in `prompt_id`) beats one that is merely short.
 */
export function closestNames(name: string, candidates: readonly string[], most = 3): string[] {
  const wanted = name.slice(0, BOUNDS.comparedName);
  const limit = mostEdits(bare(wanted));
  return (
    candidates
      .map((candidate) => ({ candidate, score: editScore(wanted, candidate.slice(0, BOUNDS.comparedName)) }))
      // What holds the other name is as near as one edit, and a little less.
      .filter(({ score }) => Math.floor(score) <= limit)
      .sort((one, other) => one.score - other.score)
      .slice(0, most)
      .map(({ candidate }) => candidate)
  );
}

/** `; the closest is …`; where none is near, `otherwise`: where the names are. */
export function closestHint(name: string, candidates: readonly string[], otherwise = ""): string {
  const closest = closestName(name, candidates);
  return closest === undefined ? otherwise : `; the closest is ${closest}`;
}

/** A third of the letters; of the shortest names, one. More, and it is another name. */
function mostEdits(name: string): number {
  return Math.max(name.length < 2 ? 0 : LIKE, Math.floor(name.length / 3));
}

/** What a swap of letters counts, and to hold the other name, which counts a little more for each missing letter. */
const LIKE = 1;
const PER_LETTER = 1 / 1_000;

/** An edit distance; 0 is equal. */
function editScore(wanted: string, candidate: string): number {
  const [one, other] = [bare(wanted), bare(candidate)];
  if (one === other) return 0;
  if (letters(one) === letters(other)) return LIKE;
  const edits = distance(one, other);
  return contains(candidate, wanted) || contains(wanted, candidate)
    ? Math.min(edits, LIKE + edits * PER_LETTER)
    : edits;
}

/** Whether one name holds the other: all its words, or in one piece that is a good part of it. */
function contains(whole: string, part: string): boolean {
  const [long, short] = [bare(whole), bare(part)];
  if (short.length < 2) return false;
  const words = splitWords(whole);
  return (
    splitWords(part).every((word) => words.includes(word)) || (long.includes(short) && short.length * 3 >= long.length)
  );
}

/** `promptId`, `prompt-id`: prompt, id. */
function splitWords(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z\d]+/);
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[_.-]/g, "");
}

function sortLetters(name: string): string {
  return [...name].sort().join("");
}
