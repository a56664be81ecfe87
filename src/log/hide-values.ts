/** Hides given secrets in texts: as they are, and in the forms in which whoever was sent them may say them back. */
import { BOUNDS } from "../errors/bounds.ts";
import { cut, wholeFrom, wholeUpTo } from "../errors/cut.ts";
import { readEscapes } from "./escapes.ts";
import { createFinder, type Range } from "./find-values.ts";

/** Shorter values are not hidden in texts: they would match parts of ordinary words. */
export const SHORTEST_SECRET = 6;
/** So many secrets, such as a caller's keys, are looked for in their encoded forms too. */
const FEW = 50;

/** Hides a secret; of one longer than 12 characters the last 4 stay, so that a person can tell two keys apart. */
export function maskSecret(secret: string): string {
  return secret.length > 12 ? `****${cut(secret, secret.length - 4)}` : "****";
}

/**
 * A function that hides `secrets` wherever a text quotes them: plain, percent-encoded, escaped, in hex or in base64.
 * One pass over the text however many there are. With more than are looked for, it hides each text as a whole.
 */
export function hideValues(secrets: readonly string[]): (text: string) => string {
  return hideValuesOf(secrets).text;
}

/** What hides values in texts, and in the names of members, which stay where texts are hidden as a whole. */
export interface HideValues {
  readonly text: (text: string) => string;
  readonly name: (name: string) => string;
}

/** As `hideValues`, for a JSON value's strings and names. */
export function hideValuesOf(secrets: readonly string[]): HideValues {
  const values = [...new Set(secrets)].filter((secret) => secret.length >= SHORTEST_SECRET);
  if (values.length === 0) return NONE_KNOWN;
  if (values.length <= BOUNDS.secrets) {
    const text = finding(values);
    return { text, name: text };
  }
  const all = new Set(values);
  return {
    text: (text) => (text.length < SHORTEST_SECRET ? text : "****"),
    name: (name) => (all.has(name) ? "****" : name),
  };
}

const asItIs = (text: string) => text;
/** Nothing is to be hidden. */
export const NONE_KNOWN: HideValues = { text: asItIs, name: asItIs };

function finding(values: readonly string[]): (text: string) => string {
  const forms = values.length > FEW ? values : values.flatMap(formsOf);
  const find = createFinder(forms);
  const shortest = forms.reduce<number>((least, form) => Math.min(least, form.length), BOUNDS.secretStart);
  const isValue = new Set(values);
  return (text) => {
    if (text.length < shortest) return text;
    const read = readEscapes(text).flatMap((reading) => find(reading.text).map(reading.rangeOf));
    const places = [...find(text), ...read];
    return places.length === 0 ? text : withoutRanges(text, places, isValue);
  };
}

/** The forms of a secret that are no spelling of single characters, which `readEscapes` undoes. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString("hex");
  // A secret may itself hold what reads as an escape.
  const read = readEscapes(secret).at(-1)?.text ?? secret;
  const forms = [secret, read, secret.toLowerCase(), secret.toUpperCase(), hex, hex.toUpperCase()];
  // Where the secret stands in what was encoded decides which of three spellings it has.
  for (const before of [0, 1, 2]) {
    const start = Math.ceil((before * 8) / 6);
    const end = Math.floor(((before + bytes.length) * 8) / 6);
    const spelled = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .slice(start, end);
    forms.push(spelled, spelled.replaceAll("+", "-").replaceAll("/", "_"));
  }
  return forms.filter((form) => form.length >= SHORTEST_SECRET);
}

function withoutRanges(text: string, places: readonly Range[], isValue: ReadonlySet<string>): string {
  let hidden = "";
  let done = 0;
  for (const place of [...places].sort((one, other) => one.start - other.start)) {
    // What follows a secret's beginning is compared unit by unit, and may differ in a character's second half.
    const [start, end] = [wholeUpTo(text, place.start), wholeFrom(text, place.end)];
    if (end <= done) continue;
    const quoted = text.slice(start, end);
    hidden += text.slice(done, Math.max(start, done));
    if (start >= done) hidden += isValue.has(quoted) ? maskSecret(quoted) : "****";
    done = end;
  }
  return hidden + text.slice(done);
}
