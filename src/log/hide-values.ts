/** Hides known secrets in texts: as they are, and in the encodings in which a server may quote them. */
import { BOUNDS } from "../errors/bounds.ts";
import { cut, boundaryAfter, boundaryBefore } from "../errors/cut.ts";
import { readEscapes } from "./escapes.ts";
import { createFinder, type Range } from "./find-values.ts";

/** Shorter values are not hidden in texts: they would match parts of ordinary words. */
export const SHORTEST_SECRET = 6;
/** Up to so many secrets, such as a caller's keys, are searched for in their encoded forms too. */
const FEW = 50;

/** Hides a secret; of one longer than 12 characters the last 4 stay, so that a person can tell two keys apart. */
export function maskSecret(secret: string): string {
  return secret.length > 12 ? `****${cut(secret, secret.length - 4)}` : "****";
}

/**
 * A function that hides `secrets` wherever a text quotes them: plain, percent-encoded, escaped, in hex or in base64.
 * It takes one pass over the text. With more than BOUNDS.secrets of them, it hides each text whole.
 */
export function createTextHider(secrets: readonly string[]): (text: string) => string {
  return createHider(secrets).text;
}

/** Hides values in texts and in names of members. Where all texts are hidden whole, names that are no secret stay. */
export interface Hider {
  readonly text: (text: string) => string;
  readonly name: (name: string) => string;
}

/** As `createTextHider`, for a JSON value's strings and names. */
export function createHider(secrets: readonly string[]): Hider {
  const values = [...new Set(secrets)].filter((secret) => secret.length >= SHORTEST_SECRET);
  if (values.length === 0) return HIDE_NOTHING;
  if (values.length <= BOUNDS.secrets) {
    const text = createFindingHider(values);
    return { text, name: text };
  }
  const all = new Set(values);
  return {
    text: (text) => (text.length < SHORTEST_SECRET ? text : "****"),
    name: (name) => (all.has(name) ? "****" : name),
  };
}

const unchanged = (text: string) => text;
/** Hides nothing. */
export const HIDE_NOTHING: Hider = { text: unchanged, name: unchanged };

function createFindingHider(values: readonly string[]): (text: string) => string {
  const forms = values.length > FEW ? values : values.flatMap(encodedForms);
  const find = createFinder(forms);
  const shortest = forms.reduce<number>((least, form) => Math.min(least, form.length), BOUNDS.secretStart);
  const isValue = new Set(values);
  return (text) => {
    if (text.length < shortest) return text;
    const read = readEscapes(text).flatMap((reading) => find(reading.text).map(reading.toOriginal));
    const places = [...find(text), ...read];
    return places.length === 0 ? text : hideRanges(text, places, isValue);
  };
}

/** The secret and its encodings as a whole. Escapes of single characters are left to `readEscapes`. */
function encodedForms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString("hex");
  // The secret may itself contain what looks like an escape, and the text is compared decoded.
  const read = readEscapes(secret).at(-1)?.text ?? secret;
  const forms = [secret, read, secret.toLowerCase(), secret.toUpperCase(), hex, hex.toUpperCase()];
  // In base64, the secret's offset in the encoded bytes modulo 3 decides which of three spellings it has.
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

function hideRanges(text: string, places: readonly Range[], isValue: ReadonlySet<string>): string {
  let hidden = "";
  let done = 0;
  for (const place of [...places].sort((one, other) => one.start - other.start)) {
    // The finder compares UTF-16 units, so a range may end inside a surrogate pair.
    const [start, end] = [boundaryBefore(text, place.start), boundaryAfter(text, place.end)];
    if (end <= done) continue;
    const quoted = text.slice(start, end);
    hidden += text.slice(done, Math.max(start, done));
    if (start >= done) hidden += isValue.has(quoted) ? maskSecret(quoted) : "****";
    done = end;
  }
  return hidden + text.slice(done);
}
