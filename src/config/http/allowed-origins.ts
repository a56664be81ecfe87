/** The kind of a list of browser origins that may connect: exact ones, and patterns for all subdomains of a domain. */
import { list } from "../kinds.ts";
import type { Kind } from "../setting.ts";

/** Origins with the schemes of apps and extensions, which are compared exactly. */
const APP_ORIGIN = /^(?!https?:)[a-z][a-z0-9+.-]*:\/\/[a-z0-9._~-]*(:\d{1,5})?$/i;
/** Any subdomain of a domain with at least two labels. */
const PATTERN = /^https?:\/\/\*(\.[a-z0-9-]+){2,}(:\d{1,5})?$/i;

/** `*` alone is never accepted. */
export const originList: Kind<readonly string[]> = {
  label: list.label,
  parse: (raw) => list.parse(raw).map(parseOrigin),
};

function parseOrigin(text: string): string {
  if (PATTERN.test(text)) return text.toLowerCase();
  if (APP_ORIGIN.test(text)) return text;
  const origin = URL.canParse(text) ? new URL(text).origin : "null";
  if (origin === "null" || origin.includes("*"))
    throw new Error(
      `has "${text}". Give origins such as https://app.example.com or https://*.example.com; * is not accepted.`,
    );
  return origin;
}
