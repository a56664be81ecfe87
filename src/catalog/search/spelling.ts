/** A mistyped word is the known word next to it. */
import { distance } from "fastest-levenshtein";

/** So many letters may differ in a word of at least so many. */
const SLIPS = [
  { letters: 8, most: 2 },
  { letters: 5, most: 1 },
];

/** Of a request at most so many words are corrected: each is compared with every known one. */
const MOST_CORRECTED = 8;

/** The stems with those that are unknown replaced by the nearest known one, where one is near enough. */
export function corrected(stems: readonly string[], known: ReadonlySet<string>): string[] {
  const unknown = [...new Set(stems)].filter((stem) => !known.has(stem)).slice(0, MOST_CORRECTED);
  const nearest = new Map(unknown.map((stem) => [stem, nearestTo(stem, known)]));
  return stems.map((stem) => nearest.get(stem) ?? stem);
}

function nearestTo(stem: string, known: ReadonlySet<string>): string | undefined {
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
