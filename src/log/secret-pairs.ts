/** Pairs of a name and a value, where the name says that the value is a secret: `{name: "authorization", value: …}`. */
import { isSecretName } from "./secret-names.ts";

const NAMES = new Set(["name", "key", "header", "header_name", "field", "parameter", "param", "variable", "env"]);
const VALUES = new Set(["value", "values", "val", "content", "data", "default", "secret_value", "header_value"]);
/** A header that Portkey forwards counts as secret unless it is one of these. */
export const HARMLESS_HEADERS: ReadonlySet<string> = new Set([
  "content-type",
  "content-length",
  "accept",
  "user-agent",
  "host",
]);
/** A name has the form of a word or a few; a secret under a member `key` rarely has. */
const WORD = /^[A-Z][\w. -]{0,63}$/i;

/** An object with more members than this is not examined. */
const LARGEST_PAIR = 1_000;

export interface SecretPair {
  /** The members that name the secret, and stay. */
  readonly names: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
}

/**
 * Which members make the object such a pair; undefined where it is none. `present` are its members' names.
 * With `inHeaders`, every name but a harmless header's is secret.
 */
export function findSecretPair(
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
    return isSecretName(text) || (inHeaders && !HARMLESS_HEADERS.has(text.toLowerCase()));
  });
  return names.length === 0 ? undefined : { names: new Set(names), values: new Set(values) };
}

/** Whether two neighbours in a list are a secret's name and its value, as in `["authorization", "…"]`. */
export function isSecretNameWithValue(name: unknown, value: unknown): boolean {
  if (typeof name !== "string" || typeof value !== "string" || !WORD.test(name) || !isSecretName(name)) return false;
  // Two secret names side by side are a list of names, without values.
  return !isSecretName(value);
}
