/**
 * Packs a list of small integers, most of them 0, into two texts with one letter per number other than 0:
 * how many zeros were skipped before it, and the number itself. Texts of few letters compress well.
 */

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** The index of the letter for 0. A run of zeros longer than one letter can count is split by an explicit 0. */
const ZERO = LETTERS.length / 2;
const LONGEST_SKIP = LETTERS.length - 1;

/** The largest number that a letter can stand for; the smallest is its negative. */
export const LARGEST = ZERO - 1;

export interface Packed {
  readonly skips: string;
  readonly numbers: string;
}

/** Packs `cells`, each between -LARGEST and LARGEST. */
export function pack(cells: Int8Array): Packed {
  const skips: string[] = [];
  const numbers: string[] = [];
  let skipped = 0;
  for (const number of cells) {
    if (number === 0 && skipped < LONGEST_SKIP) {
      skipped += 1;
      continue;
    }
    skips.push(LETTERS.charAt(skipped));
    numbers.push(LETTERS.charAt(number + ZERO));
    skipped = 0;
  }
  return { skips: skips.join(""), numbers: numbers.join("") };
}

/** Unpacks `length` cells. */
export function unpack({ skips, numbers }: Packed, length: number): Int8Array {
  const valueOfCode = new Uint8Array(128);
  for (let value = 0; value < LETTERS.length; value++) {
    const index = LETTERS.charCodeAt(value);
    valueOfCode[index] = value;
  }
  const valueAt = (text: string, at: number) => valueOfCode[text.charCodeAt(at)] ?? 0;
  const cells = new Int8Array(length);
  let index = -1;
  for (let at = 0; at < skips.length; at++) {
    index += valueAt(skips, at) + 1;
    cells[index] = valueAt(numbers, at) - ZERO;
  }
  return cells;
}
