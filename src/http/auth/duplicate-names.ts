/**
 * Finds tokens whose header or claims have two members of the same name. Parsers disagree on which one counts, so such
 * a token could mean one thing to its issuer and another here (RFC 7515, section 4; RFC 7519, section 4).
 */
import { parseDocument } from "yaml";

/**
 * Call it only with a verified token, so that only the issuer can cause this work.
 * JSON.parse accepts duplicate names. The YAML parser reports them, and JSON is YAML.
 */
export function hasDuplicateNames(token: string): boolean {
  return token
    .split(".", 2)
    .map((part) => Buffer.from(part, "base64url").toString("utf8"))
    .some((json) => parseDocument(json, { uniqueKeys: true }).errors.some(({ code }) => code === "DUPLICATE_KEY"));
}
