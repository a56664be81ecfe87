/**
 * Hides secrets in JSON values: by the name of the field that holds them, by the pair or the header they stand in, by
 * their form, and in JSON that is text. For dry runs, errors, the log and the audit, which all read the same tables.
 * Answers of Portkey never pass through here, because a key that was just created is shown once and must reach the
 * caller whole.
 */
import { BOUNDS } from "../errors/bounds.ts";
import { isDeeper } from "../errors/nesting.ts";
import { hideValues, maskSecret, SHORTEST_SECRET } from "./hide-values.ts";
import { maskText, type Hide } from "./mask-text.ts";
import { isPairOf, isSecretPair } from "./secret-pairs.ts";
import { beginsLikeKey, isTooLongForId } from "./secret-forms.ts";
import { isSecretName } from "./secret-names.ts";

/** Lists whose `key` members name something to match on, as in a policy's conditions. */
const NAMING_LISTS = new Set(["conditions", "group_by"]);
const HARMLESS_HEADERS = new Set(["content-type", "content-length", "accept", "user-agent", "host"]);
/** Names under which a short number is a secret too. */
const SECRET_NUMBER = /(?:otp|pin|cvv|cvc|code|pass(?:word|code|wd)?|pwd|secret)$/i;

interface Place {
  /** Everything here is secret, whatever it is called. */
  readonly secret: boolean;
  /** The nearest name above. */
  readonly name: string;
  readonly depth: number;
  /** How many texts of JSON this stands in. */
  readonly texts: number;
}

const TOP: Place = { secret: false, name: "", depth: 0, texts: 0 };

/**
 * A copy of a JSON value with every secret hidden, at any depth. Anything that is not a plain object, array or string
 * stays as it is, except for an error's texts.
 */
export function maskSecrets(value: unknown): unknown {
  return mask(value, TOP, maskSecret);
}

/** As `maskSecrets`, and without the secrets that stood there anywhere else, nor any of `others`. */
export function maskThoroughly(value: unknown, others: readonly string[] = []): unknown {
  const found = new Set<string>();
  const masked = mask(value, TOP, (secret) => {
    collect(secret, found);
    return maskSecret(secret);
  });
  return maskQuoted(masked, [...found, ...others]);
}

/** A copy of a JSON value whose strings show none of `secrets`, wherever they stand in them. */
export function maskQuoted(value: unknown, secrets: readonly string[]): unknown {
  return secrets.length === 0 ? value : mapStrings(value, hideValues(secrets), 0);
}

/** The secrets that `maskSecrets` would hide, for texts that may quote them. */
export function secretsIn(value: unknown): string[] {
  const found = new Set<string>();
  mask(value, TOP, (secret) => {
    collect(secret, found);
    return "";
  });
  return [...found];
}

function collect(secret: string, found: Set<string>): void {
  const bare = secret.replace(/^(?:bearer|basic)\s+/i, "");
  // What is hidden already is no secret.
  if (bare.length >= SHORTEST_SECRET && !bare.includes("****")) found.add(bare);
}

/** An id as a line of the audit shows it: whatever a model wrote, a key put in the wrong place included. */
export function maskId(id: string): string {
  if (beginsLikeKey(id)) return maskSecret(id);
  const masked = maskText(id, maskSecret);
  return masked === id && isTooLongForId(id) ? maskSecret(id) : masked;
}

/** A text of somebody else's as it may be said back: no secret that its form tells, and none of `secrets`. */
export function maskQuotation(text: string, secrets: readonly string[] = []): string {
  return maskText(hideValues(secrets)(text), maskSecret);
}

function mask(value: unknown, place: Place, hide: Hide): unknown {
  if (typeof value === "string") return maskString(value, place, hide);
  if (typeof value === "number") return isSecretNumber(value, place) ? hide(String(value)) : value;
  if (typeof value !== "object" || value === null) return value;
  if (place.depth > BOUNDS.depth) return "[nested too deep to show]";
  if (Array.isArray(value)) return maskItems(value, place, hide);
  if (value instanceof Error) return maskError(value, place, hide);
  return isPlain(value) ? maskMembers(value, place, hide) : value;
}

function maskString(text: string, place: Place, hide: Hide): string {
  const isWhole = place.secret || /^\s*bearer\s+\S+\s*$/i.test(text);
  // Also of a text that is hidden as a whole: the secrets in it may stand elsewhere by themselves.
  const masked = maskJson(text, { ...place, secret: false }, hide) ?? maskText(text, hide);
  return isWhole ? hide(text) : masked;
}

/** JSON that is text, masked by the names in it; undefined where the text is no JSON or holds no secret. */
function maskJson(text: string, place: Place, hide: Hide): string | undefined {
  if (place.texts >= BOUNDS.nestedJson || !/^\s*[[{"]/.test(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (isDeeper(value, BOUNDS.depth - place.depth)) return undefined;
  const before = JSON.stringify(value);
  const masked = JSON.stringify(mask(value, { ...place, texts: place.texts + 1 }, hide));
  return masked === before ? undefined : masked;
}

function isSecretNumber(value: number, place: Place): boolean {
  return Math.abs(value) >= 100 && SECRET_NUMBER.test(place.name) && isSecretName(place.name);
}

function maskItems(items: readonly unknown[], place: Place, hide: Hide): unknown[] {
  const inner = { ...place, depth: place.depth + 1 };
  return items.map((item, index) => {
    const secret = inner.secret || (index % 2 === 1 && isPairOf(items[index - 1], item));
    return mask(item, secret ? { ...inner, secret } : inner, hide);
  });
}

function maskMembers(members: Readonly<Record<string, unknown>>, place: Place, hide: Hide): unknown {
  const isHeaders = /headers?$/i.test(place.name);
  const pair = NAMING_LISTS.has(place.name) ? undefined : isSecretPair(members, isHeaders);
  return Object.fromEntries(
    Object.entries(members).map(([name, member]) => {
      const inner = { ...place, name, depth: place.depth + 1 };
      const shown = maskText(name, hide);
      if (pair?.names.has(name) === true) return [shown, place.secret ? mask(member, inner, hide) : member];
      const names = name === "key" && NAMING_LISTS.has(place.name);
      const isHeader = isHeaders && pair === undefined && !HARMLESS_HEADERS.has(name.toLowerCase());
      const isValue = pair?.values.has(name) === true;
      const secret = place.secret || isHeader || isValue || (isSecretName(name) && !names);
      return [shown, mask(member, { ...inner, secret }, hide)];
    }),
  );
}

/** An error with other texts is still one to whoever writes it down. */
function maskError(error: Error, place: Place, hide: Hide): Error {
  const texts = Object.entries({ message: error.message, stack: error.stack ?? "" });
  const masked = texts.map(([name, text]) => [name, maskText(text, hide)] as const);
  const cause = mask(error.cause, { ...place, depth: place.depth + 1 }, hide);
  if (cause === error.cause && masked.every(([name, text]) => text === (error[name as "message"] ?? ""))) return error;
  const changed = Object.fromEntries(
    [...masked, ["cause", cause] as const].map(([name, value]) => [
      name,
      { value, configurable: true, writable: true },
    ]),
  );
  return Object.create(Object.getPrototypeOf(error) as object, {
    ...Object.getOwnPropertyDescriptors(error),
    ...changed,
  }) as Error;
}

function mapStrings(value: unknown, change: (text: string) => string, depth: number): unknown {
  if (typeof value === "string") return change(value);
  if (depth > BOUNDS.depth) return "[nested too deep to show]";
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change, depth + 1));
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [change(name), mapStrings(member, change, depth + 1)]),
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
