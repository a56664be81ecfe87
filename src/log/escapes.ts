/** Reads characters that a text spells out: `%73`, `\u0073`, `\x73`, `&#115;`, `&#x73;`, also several times over. */
import type { Range } from "./find-values.ts";

export interface ReadText {
  readonly text: string;
  /** The place in the original of a place in `text`. */
  readonly rangeOf: (range: Range) => Range;
}

const ESCAPE =
  /%([0-7][0-9a-f])|\\u00([0-7][0-9a-f])|\\x([0-7][0-9a-f])|&#0{0,4}(\d{2,3});|&#x0{0,4}([0-7][0-9a-f]);|&(amp|quot|apos|lt|gt);|\\([/"'\\])/gi;
const NAMED: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
  ["lt", "<"],
  ["gt", ">"],
]);
/** A text that was encoded more often is not what anybody says back. */
const ROUNDS = 4;

/** The text with its escapes read once, twice and so on, as often as there are any. */
export function readEscapes(text: string): readonly ReadText[] {
  const readings: ReadText[] = [];
  let read = text;
  // Where each character of `read` stands in the original, and where the last one ends.
  let places: Uint32Array | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const next = readOnce(read, places);
    if (next === undefined) break;
    ({ read, places } = next);
    const starts = places;
    const at = (index: number): number => starts[index] ?? text.length;
    readings.push({ text: read, rangeOf: ({ start, end }) => ({ start: at(start), end: at(end) }) });
  }
  return readings;
}

function readOnce(text: string, places: Uint32Array | undefined): { read: string; places: Uint32Array } | undefined {
  if (!/[%\\&]/.test(text)) return undefined;
  const starts = new Uint32Array(text.length + 1);
  let read = "";
  let done = 0;
  const keep = (end: number): void => {
    for (let at = done; at < end; at++) starts[read.length + at - done] = places?.[at] ?? at;
    read += text.slice(done, end);
  };
  for (const match of text.matchAll(ESCAPE)) {
    keep(match.index);
    starts.set([places?.[match.index] ?? match.index], read.length);
    read += characterOf(match);
    done = match.index + match[0].length;
  }
  if (done === 0) return undefined;
  keep(text.length);
  starts.set([places?.[text.length] ?? text.length], read.length);
  return { read, places: starts.slice(0, read.length + 1) };
}

function characterOf([, percent, unicode, hex, decimal, htmlHex, name, plain]: RegExpExecArray): string {
  const digits = percent ?? unicode ?? hex ?? htmlHex;
  if (digits !== undefined) return String.fromCharCode(Number.parseInt(digits, 16));
  if (decimal !== undefined) return String.fromCharCode(Number(decimal));
  return NAMED.get(name?.toLowerCase() ?? "") ?? plain ?? "";
}
