/** Decodes escaped characters in a text: `%73`, `\u0073`, `\x73`, `&#115;`, `&#x73;`, also escaped repeatedly. */
import type { Range } from "./find-values.ts";

export interface ReadText {
  readonly text: string;
  /** The range in the original text that a range of `text` was decoded from. */
  readonly toOriginal: (range: Range) => Range;
}

const PERCENT = 0x25;
const BACKSLASH = 0x5c;
const AMPERSAND = 0x26;
/** Characters that a backslash leaves as they are: `/`, `"`, `'`, `\`. */
const PLAIN_ESCAPED = new Set([0x2f, 0x22, 0x27, 0x5c]);
const NAMED: ReadonlyMap<string, number> = new Map([
  ["amp", 0x26],
  ["quot", 0x22],
  ["apos", 0x27],
  ["lt", 0x3c],
  ["gt", 0x3e],
]);
/** How often a text is decoded at most: nothing quotes a secret that was escaped more often. */
const ROUNDS = 4;

/** The text decoded once, twice and so on, as long as there are escapes; empty where there are none. */
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
    readings.push({ text: read, toOriginal: ({ start, end }) => ({ start: at(start), end: at(end) }) });
  }
  return readings;
}

function readOnce(text: string, places: Uint32Array | undefined): { read: string; places: Uint32Array } | undefined {
  if (!/[%\\&]/.test(text)) return undefined;
  const starts = new Uint32Array(text.length + 1);
  const units = new Uint16Array(text.length);
  let index = 0;
  let at = 0;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    const escape = unit === PERCENT || unit === BACKSLASH || unit === AMPERSAND ? escapeAt(text, at) : undefined;
    starts[index] = places?.[at] ?? at;
    units[index] = escape === undefined ? unit : escape.unit;
    index += 1;
    at += escape === undefined ? 1 : escape.length;
  }
  if (index === text.length) return undefined;
  starts[index] = places?.[text.length] ?? text.length;
  const read = Buffer.from(units.buffer, 0, index * 2).toString("utf16le");
  return { read, places: starts.subarray(0, index + 1) };
}

interface Escape {
  /** The character it stands for, a UTF-16 unit. */
  readonly unit: number;
  readonly length: number;
}

/** The escape that begins at this place, if one does. */
function escapeAt(text: string, at: number): Escape | undefined {
  if (text.charCodeAt(at) === PERCENT) return hexEscape(text, at, at + 1);
  if (text.charCodeAt(at) === AMPERSAND) return entityAt(text, at);
  switch (text.charCodeAt(at + 1)) {
    case 0x78:
      return hexEscape(text, at, at + 2);
    case 0x75:
      return text.startsWith("00", at + 2) ? hexEscape(text, at, at + 4) : undefined;
    default: {
      const unit = text.charCodeAt(at + 1);
      return PLAIN_ESCAPED.has(unit) ? { unit, length: 2 } : undefined;
    }
  }
}

/** An escape that begins at `at` and ends with two hex digits at `digits`; undefined unless they are ASCII. */
function hexEscape(text: string, at: number, digits: number): Escape | undefined {
  const high = hexDigit(text.charCodeAt(digits));
  const low = hexDigit(text.charCodeAt(digits + 1));
  return high > 7 || low > 15 ? undefined : { unit: high * 16 + low, length: digits + 2 - at };
}

function hexDigit(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const letter = unit | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : Infinity;
}

const ENTITY = /&#0{0,4}(\d{2,3});|&#x0{0,4}([0-7][0-9a-f]);|&(amp|quot|apos|lt|gt);/iy;

function entityAt(text: string, at: number): Escape | undefined {
  ENTITY.lastIndex = at;
  const [whole, decimal, hex, name] = ENTITY.exec(text) ?? [];
  if (whole === undefined) return undefined;
  if (decimal !== undefined) return { unit: Number(decimal), length: whole.length };
  const unit = hex === undefined ? NAMED.get(name?.toLowerCase() ?? "") : Number.parseInt(hex, 16);
  return unit === undefined ? undefined : { unit, length: whole.length };
}
