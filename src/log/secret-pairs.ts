/** Pairs of a name and a value, where the name says that the value is a secret: `{name: "authorization", value: …}`. */
import { isSecretName } from "./secret-names.ts";

const NAMES = new Set(["name", "key", "header", "header_name", "field", "parameter", "param", "variable", "env"]);
const VALUES = new Set(["value", "values", "val", "content", "data", "default", "secret_value", "header_value"]);
/** A header that Portkey is told to send along is secret unless it is one of these. */
const HARMLESS = new Set(["content-type", "content-length", "accept", "user-agent", "host"]);
/** A name is written in a word; a secret that stands under `key` rarely is. */
const WORD = /^[A-Z][\w. -]{0,63}$/i;

/** An object of more members is no pair. */
const LARGEST_PAIR = 1_000;

export interface SecretPair {
  /** The members that name the secret, and stay. */
  readonly names: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
}

/**
 * How an object with the members `present` is such a pair; undefined where it is none. In `inHeaders` every name but a
 * harmless one is secret.
 */
export function isSecretPair(
  members: Readonly<Record<string, unknown>>,
  present: readonly string[],
  inHeaders: boolean,
): SecretPair | undefined {
  if (present.length > LARGEST_PAIR) return undefined;
  const values = present.filter((name) => VALUES.has(name.toLowerCase()));
  if (values.length === 0) return undefined;
  const names = present.filter((name) => {
    const text = members[name];
    if (!NAMES.has(name.toLowerCase()) || typeof text !== "string" || !WORD.test(text)) return false;
    return isSecretName(text) || (inHeaders && !HARMLESS.has(text.toLowerCase()));
  });
  return names.length === 0 ? undefined : { names: new Set(names), values: new Set(values) };
}

/** Whether two neighbours of a list are a secret's name and its value, as `["authorization", "…"]`. */
export function isPairOf(name: unknown, value: unknown): boolean {
  if (typeof name !== "string" || typeof value !== "string" || !WORD.test(name) || !isSecretName(name)) return false;
  // A list of names has no values.
  return !isSecretName(value);
}
