/** Corrects mistyped words: an unknown word becomes the nearest known one. */
import { distance } from "fastest-levenshtein";

/** In a word of at least `letters` letters, up to `most` may differ. */
const SLIPS = [
  { letters: 8, most: 2 },
  { letters: 5, most: 1 },
];

/** So many words of a request are corrected at most, since each is compared with every known one. */
const MOST_CORRECTED = 8;

/** The stems with those that are unknown replaced by the nearest known one, where one is near enough. */
export function correctSpelling(stems: readonly string[], known: ReadonlySet<string>): string[] {
  const unknown = [...new Set(stems)].filter((stem) => !known.has(stem)).slice(0, MOST_CORRECTED);
  const nearest = new Map(unknown.map((stem) => [stem, nearestWord(stem, known)]));
  return stems.map((stem) => nearest.get(stem) ?? stem);
}

function nearestWord(stem: string, known: ReadonlySet<string>): string | undefined {
  let most = SLIPS.find(({ letters }) => stem.length >= letters)?.most ?? 0;
  let nearest: string | undefined;
  for (const other of known) {
    if (Math.abs(other.length - stem.length) > most || other[0] !== stem[0]) continue;
    const apart = distance(stem, other);
    if (apart > most) continue;
    nearest = other;
    most = apart - 1;
  }
  return nearest;
}
