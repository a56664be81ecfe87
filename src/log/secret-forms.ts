/** Recognises secrets by their form alone, mostly by the prefixes that issuers give their keys. */
import { replaceEach } from "./replace-each.ts";

/** Each matches one key, without flags and without looking beyond the key's own characters. */
const KEY_FORMS: readonly RegExp[] = [
  /gh[a-z]_[A-Za-z0-9]{10,}/,
  /github_pat_\w{10,}/,
  /gl[a-z]{2,5}-[\w-]{16,}/,
  /(?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA)[A-Z0-9]{12,}/,
  /(?:sk|pk|rk)[-_][\w-]{12,}/,
  /xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}/,
  /AIza[\w-]{20,}/,
  /ya29\.[\w.-]{10,}/,
  /eyJ[\w-]{8}[\w.=-]*/,
  /(?:npm|hf|gsk|r8|whsec|dop_v1|doo_v1|lin_api|sbp|ntn|tskey|glsa|figd|fo1|rnd|phc|phx)_[\w-]{12,}/,
  /(?:pypi|xai|pplx|nvapi|tvly|dapi|key|sq0csp|sq0atp)-?[0-9a-f]{32,}/,
  /(?:pypi|xai|pplx|nvapi|tvly|sntrys|csk|fw|jina|voyage|pa)[-_][A-Za-z0-9]{20}[\w-]*/,
  /pat[A-Za-z0-9]{10,}\.[A-Za-z0-9]{16,}|pat-[a-z]{2,4}\d?-[\w-]{16,}|pat_[A-Za-z0-9]{16,}/,
  /SG\.[\w-]{16,}\.[\w-]{16,}/,
  /shp[a-z]{2}_[A-Za-z0-9]{16,}/,
  /AGE-SECRET-KEY-[A-Z0-9]{16,}/,
  /hv[sbr]\.[\w-]{16,}/,
  /ATATT[\w=-]{16,}/,
];

/** A key of a known form, where it is not the end of a longer word. */
const KNOWN_KEY = new RegExp(`(?<![A-Za-z0-9_-])(?:${KEY_FORMS.map(({ source }) => source).join("|")})`, "g");

/** `text` with each key of a known form given to `hide`. */
export function hideKnownKeys(text: string, hide: (secret: string) => string): string {
  return replaceEach(text, KNOWN_KEY, ([key]) => hide(key));
}

/** Beginnings that no id has. */
const KEY_START = /^(?:bearer\s|basic\s|sk-|pk-|eyJ)/i;

/** Whether an id begins as a key or a header's value does. */
export function beginsLikeKey(id: string): boolean {
  return KEY_START.test(id);
}

/** Ids are short: so many characters without a gap are probably a key in the wrong place. */
const LONG_RUN = /[\w+/=-]{48,}/;

/** Whether an id may be a key of an unknown form. */
export function isTooLongForId(id: string): boolean {
  return LONG_RUN.test(id);
}
