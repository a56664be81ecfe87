/** Finds the name somebody probably meant, for "did you mean" in errors about arguments, tools and domains. */
import { distance } from "fastest-levenshtein";
import { BOUNDS } from "./bounds.ts";

/**
 * The candidate nearest to `given`, or undefined when there are no candidates. Case, `_`, `-` and `.` do not count;
 * a name that contains the other (`id` in `prompt_id`) beats one that is merely short.
 */
export function closestName(name: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestScore = Infinity;
  const wanted = bare(name);
  for (const candidate of candidates) {
    const score = scoreOf(wanted, bare(candidate));
    if (score < bestScore) [best, bestScore] = [candidate, score];
  }
  return best;
}

function bare(name: string): string {
  return name.slice(0, BOUNDS.comparedName).toLowerCase().replace(/[_.-]/g, "");
}

/**
 * An edit distance; 0 is equal. Swapped letters count as one edit.
 * A name that contains the other counts as one edit, and a little per missing letter.
 */
function scoreOf(wanted: string, candidate: string): number {
  if (wanted === candidate) return 0;
  if (letters(wanted) === letters(candidate)) return 1;
  const edits = distance(wanted, candidate);
  const contained = wanted.length > 1 && (candidate.includes(wanted) || wanted.includes(candidate));
  return contained ? Math.min(edits, 1 + edits / 100) : edits;
}

function letters(name: string): string {
  return [...name].sort().join("");
}
