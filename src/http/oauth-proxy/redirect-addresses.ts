/**
 * Redirect addresses of clients. They are compared character by character, except for the port of a loopback address:
 * a program on the person's machine listens on any port that is free (RFC 8252, section 7.3).
 */
import { isLoopback } from "../../config/base-url.ts";

const LENGTH_LIMIT = 2_048;

/** Schemes that browsers handle themselves; any other scheme belongs to an app. */
const BROWSER_SCHEMES: ReadonlySet<string> = new Set([
  "about:",
  "blob:",
  "chrome:",
  "data:",
  "file:",
  "filesystem:",
  "ftp:",
  "intent:",
  "javascript:",
  "mailto:",
  "sms:",
  "tel:",
  "urn:",
  "vbscript:",
  "view-source:",
  "ws:",
  "wss:",
]);

/** What is wrong with a redirect address; undefined: it may be registered. */
export function redirectFault(address: unknown): string | undefined {
  if (typeof address !== "string" || address.length > LENGTH_LIMIT || !URL.canParse(address))
    return "a redirect address is no address";
  // URL accepts and normalizes characters that browsers and clients may treat in other ways.
  if (!/^[\x21-\x5b\x5d-\x7e]+$/.test(address)) return "a redirect address has characters that no address has";
  const { protocol, hostname, hash, username, password } = new URL(address);
  if (hash !== "" || address.includes("#")) return "a redirect address has a fragment";
  if (username !== "" || password !== "") return "a redirect address has a user name in it";
  if (protocol === "https:") return undefined;
  if (protocol === "http:")
    return isLoopback(hostname) ? undefined : "a redirect address with http must be on the person's own machine";
  if (BROWSER_SCHEMES.has(protocol) || !address.slice(protocol.length).startsWith("/"))
    return `a redirect address cannot start with ${protocol}`;
  return undefined;
}

/** Whether an address is one that the client has registered. */
export function isRegistered(address: string, registered: readonly string[]): boolean {
  return registered.some((known) => known === address || isSameLoopback(address, known));
}

/** Whether two loopback addresses differ in their ports only. */
function isSameLoopback(address: string, known: string): boolean {
  if (redirectFault(address) !== undefined) return false;
  if (!known.startsWith("http:") || !address.startsWith("http:")) return false;
  return isLoopback(new URL(known).hostname) && withoutPort(address) === withoutPort(known);
}

/** Works on the text and does not normalize, so that other spellings of an address do not match. */
function withoutPort(address: string): string {
  return address.replace(/^(http:\/\/(?:\[[^\]]*\]|[^/:?]*)):\d{1,5}(?=[/?]|$)/, "$1");
}

/** Whether people may be sent to an address: loopback always, otherwise what `hosts` names; null admits all. */
export function isAdmitted(address: string, hosts: readonly string[] | null): boolean {
  if (hosts === null) return true;
  const { protocol, host, hostname } = new URL(address);
  if (protocol === "http:") return isLoopback(hostname);
  return hosts.includes(protocol === "https:" ? host : protocol);
}

/** Where an address leads, in words for the consent page: a host, this computer, or an app. */
export function destinationOf(address: string): string {
  const { protocol, hostname, host } = new URL(address);
  if (protocol === "https:") return host;
  if (protocol === "http:") return `a program on this computer (${host || hostname})`;
  return `the app that opens ${protocol} links`;
}
