/**
 * Hides the secrets that a text shows by its form: PEM blocks, user info and parameters of URLs, headers and
 * assignments, `Bearer …`, and keys of a known form. Each rule reads the text once, from its beginning to its end.
 */
import { replaceEach } from "./replace-each.ts";
import { hideKnownKeys } from "./secret-forms.ts";
import { isSecretName } from "./secret-names.ts";

/** Returns the text to show in place of a secret. */
export type Hide = (secret: string) => string;

/** A shorter text has no secret that could be recognised by its form. */
const SHORTEST = 8;

/** `text` with each secret that is recognised by its form replaced by what `hide` returns. */
export function maskText(text: string, hide: Hide): string {
  if (text.length < SHORTEST) return text;
  if (ONE_WORD.test(text)) return hideKnownKeys(text, hide);
  return RULES.reduce((masked, rule) => rule(masked, hide), text);
}

/** One word, to which only the rule for keys of a known form can apply. */
const ONE_WORD = /^[\w.-]*$/;

function hidePem(text: string, hide: Hide): string {
  const begin = "-----BEGIN ";
  let from = text.indexOf(begin);
  if (from === -1) return text;
  let masked = "";
  let done = 0;
  while (from !== -1) {
    const lineEnd = text.indexOf("-----", from + begin.length);
    const bodyStart = lineEnd === -1 ? text.length : lineEnd + 5;
    const end = text.indexOf("-----END ", bodyStart);
    const bodyEnd = end === -1 ? text.length : end;
    const isPrivate = text.slice(from, bodyStart).includes("PRIVATE");
    if (isPrivate) {
      masked += text.slice(done, bodyStart) + hide(text.slice(bodyStart, bodyEnd));
      done = bodyEnd;
    }
    from = text.indexOf(begin, bodyEnd);
  }
  return masked + text.slice(done);
}

const AUTHORITY_END = /[\s/?#"'<>\\]/g;
const ADDRESS_END = /[\s"'<>\\]/g;

/** `scheme://user:password@host`; the password may contain characters that should have been encoded. */
function hideUserInfo(text: string, hide: Hide): string {
  let at = text.indexOf("://");
  let masked = "";
  let done = 0;
  let addressEnd = 0;
  while (at !== -1) {
    const start = at + 3;
    if (addressEnd < start) addressEnd = indexFrom(text, ADDRESS_END, start);
    const authority = text.slice(start, Math.min(indexFrom(text, AUTHORITY_END, start), addressEnd));
    // Only a port follows a host's colon, so anything but digits there belongs to a password.
    const isCut = !authority.includes("@") && /:\D/.test(authority);
    const end = isCut ? text.slice(start, addressEnd).lastIndexOf("@") : authority.lastIndexOf("@");
    if (end > 0) {
      const userInfo = text.slice(start, start + end);
      masked += text.slice(done, start) + hideCredentials(userInfo, hide);
      done = start + end;
    }
    at = text.indexOf("://", isCut ? addressEnd : start + authority.length);
  }
  return masked + text.slice(done);
}

/** The password is hidden by itself, not with the user's name, so that it is also found where it stands alone. */
function hideCredentials(userInfo: string, hide: Hide): string {
  const colon = userInfo.indexOf(":");
  if (colon === -1) return hide(userInfo);
  const name = userInfo.slice(0, colon);
  return `${name === "" ? "" : "****"}:${hide(userInfo.slice(colon + 1))}`;
}

function indexFrom(text: string, pattern: RegExp, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}

const SCHEME = /(?<![a-z0-9])(bearer|basic|apikey|token)((?:[ \t+]|%20){1,4})(?![ \t+])([\w.~+/=:%-]{6,})/gi;

function hideSchemes(text: string, hide: Hide): string {
  return replaceEach(text, SCHEME, ([whole, scheme = "", space = "", value = ""]) =>
    isCredential(scheme.toLowerCase(), value) ? `${scheme}${space}${hide(value)}` : whole,
  );
}

/** In a sentence, `basic` and `token` are followed by a word more often than by a credential. */
function isCredential(scheme: string, value: string): boolean {
  const isWord = /^[a-z]*[.:]?$/i.test(value) && (value.length < 16 || scheme !== "bearer");
  if (isWord) return false;
  if (scheme === "bearer") return true;
  if (scheme === "basic") return Buffer.from(value, "base64").includes(":");
  return value.length >= 12 && /\d/.test(value);
}

/** Headers whose value is secret to the end of its line. */
const HEADER =
  /(?<![\w-])((?:proxy-)?authorization|(?:set-)?cookie|x-[a-z-]{0,40}(?:key|token|secret|auth))([ \t]{0,2}:[ \t]{0,4})(?![ \t])([^\r\n"'\\]+)/gi;

function hideHeaders(text: string, hide: Hide): string {
  if (!text.includes(":")) return text;
  return replaceEach(text, HEADER, ([, name = "", colon = "", value = ""]) => `${name}${colon}${hide(value)}`);
}

const ASSIGNMENT = /(?<![\w.-])([A-Z_][\w.[\]-]{0,63})=(["']?)((?<=")[^"]+|(?<=')[^']+|[^\s&;"'#<>]+)/gi;

/** `api_key=…`, in a query, a command, a connection string. */
function hideAssignments(text: string, hide: Hide): string {
  if (!text.includes("=")) return text;
  return replaceEach(text, ASSIGNMENT, ([whole, name = "", quote = "", value = ""]) =>
    isSecretName(name) && !value.startsWith("****") ? `${name}=${quote}${hide(value)}` : whole,
  );
}

const MEMBER =
  /(?<![\w.-])([A-Z_][\w.-]{0,63})(["'\\]{0,8}[ \t]{0,2}:\s{0,4}["'\\]{0,8})((?<=["'\\])[^"'\\]+|[^\s,;"'<>&\\]+)/gi;
/** Words that also stand before a colon in sentences. */
const USUAL_WORD = /^(?:key|token|session|pass|pin|auth|signature|secrets?|nonce|cookies?|credentials?)$/i;

/** `"api_key": "…"`, in JSON that is cut off, part of a sentence or written with other quotes. */
function hideMembers(text: string, hide: Hide): string {
  if (!text.includes(":")) return text;
  return replaceEach(text, MEMBER, ([whole, name = "", between = "", value = ""]) => {
    if (!isSecretName(name) || value.includes("****")) return whole;
    const isQuoted = /^["'\\]/.test(between);
    if (!isQuoted && USUAL_WORD.test(name)) return whole;
    return `${name}${between}${hide(value)}`;
  });
}

/** In this order: later rules leave what an earlier one has hidden. */
const RULES = [hidePem, hideUserInfo, hideSchemes, hideHeaders, hideAssignments, hideMembers, hideKnownKeys];
