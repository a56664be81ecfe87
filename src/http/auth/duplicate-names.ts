/**
 * Whether a token's header or claims name the same member twice. Parsers disagree on which one counts, so that a token
 * could mean one thing to its issuer and another here (RFC 7515, section 4; RFC 7519, section 4).
 */
import { parseDocument } from "yaml";

/**
 * `token` has been verified, so that nobody but the issuer can make this work; its first two parts are JSON, which is
 * YAML, whose parser minds duplicates.
 */
export function hasDuplicateNames(token: string): boolean {
  return token
    .split(".", 2)
    .map((part) => Buffer.from(part, "base64url").toString("utf8"))
    .some((json) => parseDocument(json, { uniqueKeys: true }).errors.some(({ code }) => code === "DUPLICATE_KEY"));
}
